//! A distribution of latencies as a small picture.

use std::fmt::Write;

use faultline_model::{Latency, ParamField, Span};
use leptos::prelude::*;

/// The curve is drawn through so many points.
const POINTS: usize = 61;
/// The picture's size, in its own units.
const WIDTH: f64 = 180.0;
const HEIGHT: f64 = 40.0;

/// How likely which latency is.
pub fn view(latency: &Latency) -> AnyView {
    let density = latency.density(POINTS);
    let name = format!("Density of {}", latency.write());
    let (half, end) = (short(Span(density.end.0 / 2)), short(density.end));
    view! {
        <div class="density">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=name>
                <path d=path(&density.heights)/>
            </svg>
            <div class="density-scale" aria-hidden="true">
                <span>"0"</span>
                <span>{half}</span>
                <span>{end}</span>
            </div>
        </div>
    }
    .into_any()
}

/// The curve as a path that begins and ends on the ground.
fn path(heights: &[f64]) -> String {
    let mut path = format!("M0 {HEIGHT}");
    let last = heights.len().max(2) - 1;
    for (i, height) in heights.iter().enumerate() {
        // Whole tenths are finer than a pixel.
        let (x, y) = (WIDTH * i as f64 / last as f64, HEIGHT - (HEIGHT - 2.0) * height);
        // Writing into a text never fails.
        let _ = write!(path, "L{x:.1} {y:.1}");
    }
    path + &format!("L{WIDTH} {HEIGHT}Z")
}

/// A length of time as a mark on an axis: three digits at most where it is long.
fn short(span: Span) -> String {
    match span.0 {
        micros if micros >= 10_000_000 => format!("{} s", micros / 1_000_000),
        micros if micros >= 10_000 => format!("{} ms", micros / 1_000),
        micros if micros >= 1_000 => format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100),
        micros => format!("{micros} µs"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_stands_on_the_ground() {
        let path = path(&[0.0, 1.0, 0.5]);
        assert_eq!(path, "M0 40L0.0 40.0L90.0 2.0L180.0 21.0L180 40Z");
        assert_eq!(short(Span(12)), "12 µs");
        assert_eq!(short(Span(1_250)), "1.2 ms");
        assert_eq!(short(Span::secs(90)), "90 s");
        assert_eq!(short(Span::millis(160)), "160 ms");
    }
}
