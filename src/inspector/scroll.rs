//! Which rows of a long list are visible.

use std::ops::Range;

/// Rows beyond the visible ones that are kept, so that scrolling shows no gap.
const SPARE: usize = 8;

/// The rows of `count` that must be in the document.
pub fn visible(count: usize, row_px: f64, top_px: f64, height_px: f64) -> Range<usize> {
    let first = (top_px.max(0.0) / row_px) as usize;
    let shown = (height_px.max(0.0) / row_px).ceil() as usize + 1;
    let end = (first + shown + SPARE).min(count);
    first.saturating_sub(SPARE).min(end)..end
}

/// Where to scroll so that a row is visible; `None` if it is.
pub fn reveal(row: usize, row_px: f64, top_px: f64, height_px: f64) -> Option<f64> {
    let (above, below) = (row as f64 * row_px, (row + 1) as f64 * row_px);
    if above < top_px {
        Some((above - row_px).max(0.0))
    } else if below > top_px + height_px {
        Some((below - height_px + row_px).max(0.0))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_visible_rows_and_a_few_more_are_kept() {
        assert_eq!(visible(100_000, 50.0, 0.0, 400.0), 0..17);
        assert_eq!(visible(100_000, 50.0, 500_000.0, 400.0), 9_992..10_017);
        assert_eq!(visible(5, 50.0, 0.0, 400.0), 0..5);
        assert_eq!(visible(0, 50.0, 900.0, 400.0), 0..0);
        assert_eq!(visible(10, 50.0, 90_000.0, 400.0), 10..10, "scrolled beyond a list that became short");
    }

    #[test]
    fn a_row_is_revealed_with_its_neighbour() {
        assert_eq!(reveal(3, 50.0, 0.0, 400.0), None);
        assert_eq!(reveal(8, 50.0, 0.0, 400.0), Some(100.0));
        assert_eq!(reveal(0, 50.0, 600.0, 400.0), Some(0.0));
        assert_eq!(reveal(5, 50.0, 600.0, 400.0), Some(200.0));
    }
}
