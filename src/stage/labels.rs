//! Which message labels are written, and where: none covers a node or another label for long. Pure.

use faultline_model::{MsgId, SortedMap};

use super::geometry::{Box2, Point};

/// A label that wants a place.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Whose it is.
    pub msg: MsgId,
    /// Where its message is, now and later on its way.
    pub on_the_way: [Point; 3],
    /// How wide the text is, pixels.
    pub width: f64,
}

/// Where a label stands relative to its message: the middle of its text, or nowhere.
pub type Placed = SortedMap<MsgId, Option<Point>>;

/// The height of a label's line.
pub const LINE: f64 = 15.0;
/// More of a label than this must not be covered, or it is not written.
const COVERED: f64 = 0.12;
/// Nor is it if this much is covered at present, even where it will come free on its way.
const COVERED_NOW: f64 = 0.3;
/// A label leaves its old side only for one that is better by this share of its area.
const STAY: f64 = 0.12;

/// The size of labels, pixels: see `.ml` in the stage's style.
const SIZE: f64 = 12.0;
/// What is drawn around the letters, so that a line behind them does not touch them.
const EDGE: f64 = 4.0;

/// How wide a text is at the stage's label size. A guess on the wide side is what is needed.
pub fn text_width(text: &str) -> f64 {
    ems(text) * SIZE + EDGE
}

/// How wide a text is for the size of its letters, in one of the wider faces that a browser may take.
fn ems(text: &str) -> f64 {
    let letter = |c: char| match c {
        'i' | 'j' | 'l' | 'I' | '|' | '.' | ',' | ':' | ';' | '·' | '\'' | '’' | ' ' => 0.33,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '/' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' => 0.92,
        '±' | '−' | '+' | '=' | '<' | '>' | '→' | '←' | '≤' | '≥' | '%' | '@' | '…' => 0.86,
        c if c.is_uppercase() => 0.72,
        _ => 0.62,
    };
    text.chars().map(letter).sum()
}

/// Finds every label a place, in the order of the wishes; `fixed` is never to be covered.
pub fn place(wishes: &[Wish], fixed: &[Box2], stage: Box2, before: Option<&Placed>) -> Placed {
    let mut taken: Vec<[Box2; 3]> = vec![];
    let mut placed = Placed::new();
    // Other messages are covered with a better conscience than nodes, but not gladly.
    let envelopes: Vec<(MsgId, [Box2; 3])> = wishes
        .iter()
        .map(|wish| (wish.msg, wish.on_the_way.map(|at| Box2::around(at, 18.0, 14.0))))
        .collect();
    for wish in wishes {
        let old = before.and_then(|before| before.get(&wish.msg)).copied().flatten();
        let cost = |offset: Point| {
            let boxes = wish.on_the_way.map(|at| {
                let middle = Point { x: at.x + offset.x, y: at.y + offset.y };
                Box2::around(middle, wish.width, LINE)
            });
            let area = boxes[0].area();
            let over = |other: &[Box2; 3]| (0..3).map(|i| boxes[i].overlap(&other[i])).sum::<f64>() / 3.0;
            let of_fixed = |b: &Box2| fixed.iter().map(|other| b.overlap(other)).sum::<f64>();
            let outside = |b: &Box2| b.area() - b.overlap(&stage);
            let hard = taken.iter().map(over).sum::<f64>()
                + boxes.iter().map(|b| of_fixed(b) + outside(b)).sum::<f64>() / 3.0;
            // A run stands still more often than not: what is covered at present weighs more.
            let now = of_fixed(&boxes[0])
                + outside(&boxes[0])
                + taken.iter().map(|other| boxes[0].overlap(&other[0])).sum::<f64>();
            let soft =
                now + envelopes.iter().filter(|(msg, _)| *msg != wish.msg).map(|(_, e)| over(e)).sum::<f64>();
            let hard = if now / area > COVERED_NOW { area } else { hard };
            (hard / area, soft / area * 0.5, boxes)
        };
        let best = sides(wish.width)
            .into_iter()
            .enumerate()
            .map(|(rank, offset)| {
                let (hard, soft, boxes) = cost(offset);
                let stays = if old == Some(offset) { STAY } else { 0.0 };
                (hard, hard + soft + rank as f64 * 0.02 - stays, offset, boxes)
            })
            .min_by(|a, b| a.1.total_cmp(&b.1));
        let Some((hard, _, offset, boxes)) = best else {
            continue;
        };
        if hard > COVERED {
            placed.insert(wish.msg, None);
        } else {
            taken.push(boxes);
            placed.insert(wish.msg, Some(offset));
        }
    }
    placed
}

/// Above, below, right, left of a message, best first.
fn sides(width: f64) -> [Point; 6] {
    let beside = width / 2.0 + 14.0;
    [
        Point { x: 0.0, y: -18.0 },
        Point { x: 0.0, y: 18.0 },
        Point { x: beside, y: 0.0 },
        Point { x: -beside, y: 0.0 },
        Point { x: beside * 0.6, y: -19.0 },
        Point { x: -beside * 0.6, y: -19.0 },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGE: Box2 = Box2 { left: 0.0, top: 0.0, right: 700.0, bottom: 500.0 };

    fn wish(msg: u32, x: f64, y: f64) -> Wish {
        Wish { msg: MsgId(msg), on_the_way: [Point { x, y }; 3], width: 80.0 }
    }

    #[test]
    fn a_lonely_label_stands_above() {
        let placed = place(&[wish(1, 300.0, 200.0)], &[], STAGE, None);
        assert_eq!(placed[&MsgId(1)], Some(Point { x: 0.0, y: -18.0 }));
    }

    #[test]
    fn a_label_avoids_what_is_fixed_and_the_edge() {
        let node = Box2::around(Point { x: 300.0, y: 170.0 }, 90.0, 40.0);
        let placed = place(&[wish(1, 300.0, 200.0)], &[node], STAGE, None);
        assert!(placed[&MsgId(1)].unwrap().y > 0.0);
        let placed = place(&[wish(1, 300.0, 6.0)], &[], STAGE, None);
        assert!(placed[&MsgId(1)].unwrap().y >= 0.0);
    }

    #[test]
    fn labels_do_not_cover_each_other_and_the_last_are_left_out() {
        let wishes: Vec<Wish> = (1..=9).map(|i| wish(i, 300.0, 200.0)).collect();
        let placed = place(&wishes, &[], STAGE, None);
        let boxes: Vec<Box2> = placed
            .values()
            .flatten()
            .map(|o| Box2::around(Point { x: 300.0 + o.x, y: 200.0 + o.y }, 80.0, LINE))
            .collect();
        assert!(boxes.len() >= 3 && boxes.len() < 9);
        for (i, a) in boxes.iter().enumerate() {
            for b in &boxes[..i] {
                assert!(a.overlap(b) <= COVERED * a.area());
            }
        }
    }

    #[test]
    fn a_label_covers_no_node_while_its_message_leaves_it() {
        let at = |x: f64| Point { x, y: 200.0 };
        let leaving = Wish { msg: MsgId(1), on_the_way: [at(300.0), at(500.0), at(550.0)], width: 120.0 };
        let node = Box2::around(at(276.0), 76.0, 76.0);
        let placed = place(&[leaving], &[node], STAGE, None);
        let offset = placed[&MsgId(1)].unwrap();
        let line = Box2::around(Point { x: 300.0 + offset.x, y: 200.0 + offset.y }, 120.0, LINE);
        assert_eq!(line.overlap(&node), 0.0, "{offset:?}");
    }

    #[test]
    fn what_would_be_covered_now_is_not_written_however_free_it_comes() {
        let at = |x: f64| Point { x, y: 200.0 };
        let within = Wish { msg: MsgId(1), on_the_way: [at(200.0), at(600.0), at(620.0)], width: 80.0 };
        let crowd = Box2::around(at(200.0), 360.0, 120.0);
        assert_eq!(place(&[within], &[crowd], STAGE, None)[&MsgId(1)], None);
    }

    #[test]
    fn a_label_stays_on_its_side() {
        let below = Point { x: 0.0, y: 18.0 };
        let before = Placed::from([(MsgId(1), Some(below))]);
        let placed = place(&[wish(1, 300.0, 200.0)], &[], STAGE, Some(&before));
        assert_eq!(placed[&MsgId(1)], Some(below));
    }
}
