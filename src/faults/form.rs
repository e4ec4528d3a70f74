//! What the small forms behind items that end in "…" ask for: a number with its unit, read and
//! checked. Pure; the fields are in [`super::fields`].

use faultline_model::{Chance, KnobKind, Latency, MsgId, NodeId, ParamField, Span};
use faultline_sim::{Action, WorldView};

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// How far a clock is ahead or behind, and its drift.
    Clock(NodeId),
    /// What work takes.
    Slow(NodeId),
    /// An operation; the text is the example.
    Invoke(NodeId, String),
    /// By how much a message is late.
    Delay(MsgId),
    /// The share of messages that a link loses.
    Lose(NodeId, NodeId),
    /// How many messages of a link arrive twice.
    Repeat(NodeId, NodeId),
    /// How long messages take on a link.
    Latency(NodeId, NodeId),
}

/// What stands in a form's fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The number or text.
    pub value: String,
    /// Its unit: "ms", "s", "%"; for an operation nothing.
    pub unit: &'static str,
    /// Whether a clock is behind.
    pub behind: bool,
    /// A clock's drift, parts per million.
    pub drift: String,
    /// Whether a link is set both ways.
    pub both: bool,
}

const TIMES: &[&str] = &["ms", "s"];
const MOST_DRIFT: i32 = faultline_model::Clock::MAX_DRIFT;

impl Form {
    /// What the fields hold at first: the state as it is, or a usual amount.
    pub fn start(&self, view: &WorldView) -> Filled {
        let with = |value: &str, unit| Filled {
            value: value.to_owned(),
            unit,
            behind: false,
            drift: "0".to_owned(),
            both: true,
        };
        match self {
            Form::Clock(node) => {
                let Some(node) = view.nodes.get(node.index()) else {
                    return with("5", "s");
                };
                let off = node.offset.unsigned_abs();
                let filled = match off {
                    0 => with("5", "s"),
                    off if off % 1_000_000 == 0 => with(&(off / 1_000_000).to_string(), "s"),
                    off => with(&(off / 1_000).to_string(), "ms"),
                };
                Filled { behind: node.offset < 0, drift: node.drift.to_string(), ..filled }
            }
            Form::Slow(node) => {
                let slow = view.nodes.get(node.index()).map_or(100, |node| node.slow);
                with(&if slow == 100 { 200 } else { slow }.to_string(), "%")
            }
            Form::Invoke(_, example) => with(example, ""),
            Form::Delay(_) => with("20", "ms"),
            Form::Lose(..) | Form::Repeat(..) => with("10", "%"),
            Form::Latency(..) => with("80", "ms"),
        }
    }

    /// The actions that the fields ask for, or what would be right.
    pub fn read(&self, filled: &Filled) -> Result<Vec<Action>, String> {
        let number = filled.value.trim();
        let span = || -> Result<Span, String> {
            let text = format!("{number}{}", filled.unit);
            text.parse().map_err(|_| "Write a number, such as 20 or 1.5.".to_owned())
        };
        let share = || {
            Chance::read(number, &KnobKind::Chance).map_err(|_| "Write per cent from 0 to 100.".to_owned())
        };
        let way = |from: NodeId, to: NodeId, make: &dyn Fn(NodeId, NodeId) -> Action| {
            let mut actions = vec![make(from, to)];
            if filled.both {
                actions.push(make(to, from));
            }
            actions
        };
        match self {
            Form::Clock(node) => {
                let size = span()?;
                if size > Span::secs(86_400) {
                    return Err("A clock is off by at most a day.".to_owned());
                }
                let offset = size.0 as i64 * if filled.behind { -1 } else { 1 };
                let drift: i32 =
                    filled.drift.trim().parse().ok().filter(|d: &i32| d.abs() <= MOST_DRIFT).ok_or_else(
                        || format!("A drift is a whole number from −{MOST_DRIFT} to {MOST_DRIFT} ppm."),
                    )?;
                Ok(vec![Action::Skew(*node, offset), Action::Drift(*node, drift)])
            }
            Form::Slow(node) => {
                let percent = number.parse().ok().filter(|percent| (1..=100_000).contains(percent));
                let percent = percent.ok_or("Write a whole number from 1 to 100000.")?;
                Ok(vec![Action::Slow(*node, percent)])
            }
            Form::Invoke(node, _) if number.is_empty() => {
                let _ = node;
                Err("Write what is asked, such as write x=1.".to_owned())
            }
            Form::Invoke(node, _) => Ok(vec![Action::Invoke(*node, number.to_owned())]),
            Form::Delay(msg) => match span()? {
                Span::ZERO => Err("Write more than 0.".to_owned()),
                by if by > Span::secs(3_600) => Err("At most an hour.".to_owned()),
                by => Ok(vec![Action::Delay(*msg, by)]),
            },
            Form::Lose(from, to) => {
                let chance = share()?;
                Ok(way(*from, *to, &|a, b| Action::Lose(a, b, chance)))
            }
            Form::Repeat(from, to) => {
                let chance = share()?;
                Ok(way(*from, *to, &|a, b| Action::Repeat(a, b, chance)))
            }
            Form::Latency(from, to) => {
                let latency = span()?;
                if latency > Span::secs(3_600) {
                    return Err("At most an hour.".to_owned());
                }
                Ok(way(*from, *to, &|a, b| Action::Latency(a, b, Some(Latency::Constant(latency)))))
            }
        }
    }

    pub(super) fn units(&self) -> &'static [&'static str] {
        match self {
            Form::Clock(_) | Form::Delay(_) | Form::Latency(..) => TIMES,
            Form::Slow(_) | Form::Lose(..) | Form::Repeat(..) => &["%"],
            Form::Invoke(..) => &[],
        }
    }

    pub(super) fn question(&self) -> &'static str {
        match self {
            Form::Clock(_) => "Off by",
            Form::Slow(_) => "Work takes",
            Form::Invoke(..) => "Operation",
            Form::Delay(_) => "Later by",
            Form::Lose(..) => "Lose",
            Form::Repeat(..) => "Arrive twice",
            Form::Latency(..) => "Each message takes",
        }
    }

    pub(super) fn verb(&self) -> &'static str {
        match self {
            Form::Invoke(..) => "Send",
            Form::Delay(_) => "Delay",
            _ => "Set",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(value: &str, unit: &'static str) -> Filled {
        Filled { value: value.to_owned(), unit, behind: true, drift: "-200".to_owned(), both: true }
    }

    #[test]
    fn amounts_are_read_with_their_units() {
        let node = NodeId(1);
        assert_eq!(
            Form::Clock(node).read(&filled("1.5", "s")),
            Ok(vec![Action::Skew(node, -1_500_000), Action::Drift(node, -200)])
        );
        assert_eq!(
            Form::Delay(MsgId(3)).read(&filled("20", "ms")),
            Ok(vec![Action::Delay(MsgId(3), Span::millis(20))])
        );
        assert_eq!(Form::Slow(node).read(&filled("300", "%")), Ok(vec![Action::Slow(node, 300)]));
        let lose = Form::Lose(node, NodeId(2)).read(&filled("2.5", "%")).unwrap();
        assert_eq!(lose.len(), 2);
        assert_eq!(lose[0], Action::Lose(node, NodeId(2), Chance(25_000)));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (form, value) in [
            (Form::Clock(NodeId(0)), "soon"),
            (Form::Clock(NodeId(0)), "-5"),
            (Form::Clock(NodeId(0)), "999999999"),
            (Form::Slow(NodeId(0)), "0"),
            (Form::Delay(MsgId(1)), "0"),
            (Form::Delay(MsgId(1)), ""),
            (Form::Lose(NodeId(0), NodeId(1)), "101"),
            (Form::Invoke(NodeId(0), String::new()), "  "),
            (Form::Latency(NodeId(0), NodeId(1)), "99999"),
        ] {
            let error = form.read(&filled(value, if value.is_empty() { "ms" } else { "s" })).unwrap_err();
            assert!(error.ends_with('.'), "{error}");
        }
    }
}
