//! What a learner can do to the system: menus on its parts, tools on the stage's bar.
//!
//! What is offered follows from the view and from the lesson's palette; what cannot be done now is
//! absent.

mod bar;
mod density;
mod entries;
mod fields;
mod form;
mod menu;
mod sheet;
mod tools;
mod workload;

use faultline_model::{MsgId, NodeId};

use crate::session::Target;

pub use bar::StageBar;
pub use entries::drop_or_crash;
pub use fields::{Field, Preview, Values, sentence};
pub use menu::{Menu, stay_on_stage};
pub use sheet::Sheet;

/// An open menu: of what, and where on the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Where {
    /// What it acts on.
    pub target: Target,
    /// Its left edge, or its right one, pixels from the same edge of the stage.
    side: Side,
    /// Its top, pixels from the stage's.
    top: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Left(f64),
    Right(f64),
}

/// A menu is at most so wide, pixels.
const MENU_WIDTH: f64 = 250.0;

impl Where {
    /// Beside something that reaches `clear` pixels around `at`, on a stage `width` wide: to its
    /// right, else to its left, else under it.
    pub fn beside(target: Target, at: (f64, f64), clear: f64, width: f64) -> Where {
        let (x, y) = at;
        if x + clear + MENU_WIDTH <= width {
            Where { target, side: Side::Left(x + clear), top: y - 24.0 }
        } else if x - clear - MENU_WIDTH >= 0.0 {
            Where { target, side: Side::Right(width - x + clear), top: y - 24.0 }
        } else {
            Where { target, side: Side::Left(x - MENU_WIDTH / 2.0), top: y + clear }
        }
    }

    /// Its place as a style, kept on the stage for a menu of that height.
    fn style(&self, height: usize) -> String {
        let (edge, x) = match self.side {
            Side::Left(x) => ("left", x),
            Side::Right(x) => ("right", x),
        };
        let top = self.top;
        format!(
            "{edge}: clamp(4px, {x:.0}px, max(4px, 100% - {MENU_WIDTH}px)); \
             top: clamp(4px, {top:.0}px, max(4px, 100% - {height}px))"
        )
    }
}

/// The document's id of a mark on the stage, for giving the focus back to it.
pub fn target_id(target: &Target) -> String {
    match target {
        Target::Node(node) => format!("node-{}", node.0),
        Target::Msg(msg) => format!("msg-{}", msg.0),
        Target::Link(from, to) => format!("link-{}-{}", from.0, to.0),
        Target::Event(event) => format!("event-{event}"),
        Target::Role(_) | Target::Epoch(_) | Target::Kind(_) => String::new(),
    }
}

/// The mark that has this id: the way back from [`target_id`].
pub fn target_of(id: &str) -> Option<Target> {
    let mut parts = id.split('-');
    let kind = parts.next()?;
    let mut number = || parts.next()?.parse::<u32>().ok();
    let node = |number: u32| u16::try_from(number).ok().map(NodeId);
    match kind {
        "node" => Some(Target::Node(node(number()?)?)),
        "msg" => Some(Target::Msg(MsgId(number()?))),
        "link" => Some(Target::Link(node(number()?)?, node(number()?)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_back_to_their_targets() {
        for target in [Target::Node(NodeId(3)), Target::Msg(MsgId(17)), Target::Link(NodeId(0), NodeId(12))] {
            assert_eq!(target_of(&target_id(&target)), Some(target));
        }
        assert_eq!(target_of("node-99999999"), None);
        assert_eq!(target_of("inspector-tab-state"), None);
    }

    #[test]
    fn a_menu_stands_beside_what_it_is_of() {
        let at = |x| Where::beside(Target::Node(NodeId(0)), (x, 200.0), 46.0, 700.0).side;
        assert_eq!(at(100.0), Side::Left(146.0));
        assert_eq!(at(600.0), Side::Right(146.0));
        let narrow = Where::beside(Target::Node(NodeId(0)), (180.0, 200.0), 46.0, 360.0);
        assert_eq!(narrow.top, 246.0);
    }
}
