//! The outlines that mark roles, as path data about the origin.

use faultline_model::Shape;

/// The outline of a shape of that radius.
pub fn outline(shape: Shape, r: f64) -> String {
    match shape {
        Shape::Circle | Shape::Ringed => {
            format!("M {r:.1} 0 A {r:.1} {r:.1} 0 1 1 {:.1} 0 A {r:.1} {r:.1} 0 1 1 {r:.1} 0 Z", -r)
        }
        Shape::Hexagon => {
            let (reach, half) = (r * 1.06, r * 1.06 * 0.866);
            format!(
                "M {reach:.1} 0 L {:.1} {half:.1} L {:.1} {half:.1} L {:.1} 0 L {:.1} {:.1} L {:.1} {:.1} Z",
                reach / 2.0,
                -reach / 2.0,
                -reach,
                -reach / 2.0,
                -half,
                reach / 2.0,
                -half
            )
        }
        Shape::Square => {
            let (s, c) = (r * 0.9, r * 0.26);
            let i = s - c;
            format!(
                "M {:.1} {:.1} H {i:.1} Q {s:.1} {:.1} {s:.1} {:.1} V {i:.1} Q {s:.1} {s:.1} {i:.1} {s:.1} \
                 H {:.1} Q {:.1} {s:.1} {:.1} {i:.1} V {:.1} Q {:.1} {:.1} {:.1} {:.1} Z",
                -i, -s, -s, -i, -i, -s, -s, -i, -s, -s, -i, -s
            )
        }
        Shape::Cylinder => {
            let (w, h, e) = (r * 0.86, r * 0.92, r * 0.26);
            format!(
                "M {:.1} {:.1} A {w:.1} {e:.1} 0 0 1 {w:.1} {:.1} V {:.1} A {w:.1} {e:.1} 0 0 1 {:.1} {:.1} Z \
                 M {:.1} {:.1} A {w:.1} {e:.1} 0 0 0 {w:.1} {:.1}",
                -w,
                -h + e,
                -h + e,
                h - e,
                -w,
                h - e,
                -w,
                -h + e,
                -h + e
            )
        }
    }
}

/// The word that the style sheet knows an epoch's colour by. Epoch 0 has none of the bright ones.
pub fn epoch_word(epoch: u64) -> &'static str {
    const WORDS: [&str; 5] = ["1", "2", "3", "4", "5"];
    match epoch {
        0 => "0",
        epoch => WORDS[((epoch - 1) % 5) as usize],
    }
}
