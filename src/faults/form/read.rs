//! From what was filled in to actions, or to what would be right.

use faultline_model::{Bandwidth, Chance, Clock, KnobKind, Latency, NodeId, ParamField, Span};
use faultline_sim::{Action, Correction, WorldView};

use super::Form;
use crate::faults::fields::{Values, sentence};

/// Nothing takes longer than this.
const HOUR: Span = Span::secs(3_600);

impl Form {
    /// The actions that the fields ask for, or what would be right.
    pub fn read(&self, values: &Values, view: &WorldView) -> Result<Vec<Action>, String> {
        let way = |from: NodeId, to: NodeId, make: &dyn Fn(NodeId, NodeId) -> Action| {
            let mut actions = vec![make(from, to)];
            if values.is_on("both") {
                actions.push(make(to, from));
            }
            actions
        };
        Ok(match self {
            Form::Clock(node) => return clock(*node, values, view),
            Form::Jump(node) => vec![Action::Jump(*node, moved(values)?)],
            Form::SyncClock(node) => {
                let with = values.get("with").parse().map_err(|_| "There is no other node that runs.")?;
                let how = if values.get("how") == "slew" { Correction::Slew } else { Correction::Step };
                vec![Action::SyncClock(*node, NodeId(with), how)]
            }
            Form::Slow(node) => vec![Action::Slow(*node, values.whole("value", 1, 100_000)?)],
            Form::DiskSlow(node) => vec![Action::DiskSlow(*node, values.whole("value", 1, 100_000)?)],
            Form::DiskLatency(node) => {
                let fixed = (values.get("kind") == "fixed").then(|| within(values, HOUR, "At most an hour."));
                vec![Action::DiskLatency(*node, fixed.transpose()?)]
            }
            Form::Lie(node) => vec![Action::Lie(*node, values.get("lie").to_owned())],
            Form::Invoke(..) if values.get("text").is_empty() => {
                return Err("Write what is asked, such as write x=1.".to_owned());
            }
            Form::Invoke(node, _) => vec![Action::Invoke(*node, values.get("text").to_owned())],
            Form::Delay(msg) => match within(values, HOUR, "At most an hour.")? {
                Span::ZERO => return Err("Write more than 0.".to_owned()),
                by => vec![Action::Delay(*msg, by)],
            },
            Form::Lose(from, to) => {
                let chance = share(values)?;
                way(*from, *to, &|a, b| Action::Lose(a, b, chance))
            }
            Form::Repeat(from, to) => {
                let chance = share(values)?;
                way(*from, *to, &|a, b| Action::Repeat(a, b, chance))
            }
            Form::Latency(from, to) => {
                let latency = latency(values)?;
                way(*from, *to, &|a, b| Action::Latency(a, b, latency))
            }
            Form::Bandwidth(from, to) => {
                let bandwidth = bandwidth(values)?;
                way(*from, *to, &|a, b| Action::Bandwidth(a, b, bandwidth))
            }
        })
    }
}

fn within(values: &Values, most: Span, else_say: &str) -> Result<Span, String> {
    let span = values.span("value")?;
    if span > most { Err(else_say.to_owned()) } else { Ok(span) }
}

/// An amount and a direction, in microseconds.
fn moved(values: &Values) -> Result<i64, String> {
    let size = within(values, Span::secs(86_400), "A clock is off by at most a day.")?;
    Ok(size.0 as i64 * if values.get("way") == "-" { -1 } else { 1 })
}

/// A clock's offset and its drift; a drift that is as it was needs no event.
fn clock(node: NodeId, values: &Values, view: &WorldView) -> Result<Vec<Action>, String> {
    const MOST: i32 = Clock::MAX_DRIFT;
    let mut actions = vec![Action::Skew(node, moved(values)?)];
    let drift =
        values.get("drift").parse().ok().filter(|drift: &i32| drift.unsigned_abs() <= MOST.unsigned_abs());
    let drift = drift.ok_or_else(|| format!("A drift is a whole number from −{MOST} to {MOST} ppm."))?;
    if view.nodes.get(node.index()).is_none_or(|node| node.drift != drift) {
        actions.push(Action::Drift(node, drift));
    }
    Ok(actions)
}

fn share(values: &Values) -> Result<Chance, String> {
    Chance::read(values.get("value"), &KnobKind::Chance)
        .map_err(|_| "Write per cent from 0 to 100.".to_owned())
}

/// A link's latency; `None` is the usual one.
pub fn latency(values: &Values) -> Result<Option<Latency>, String> {
    let time = |key: &str| values.span(key).map(|span| span.to_string());
    let text = match values.get("shape") {
        "uniform" => format!("uniform {} {}", time("low")?, time("high")?),
        "normal" => format!("normal {} {}", time("mean")?, time("deviation")?),
        "exponential" => format!("exponential {}", time("mean")?),
        "pareto" => format!("pareto {} {}", time("low")?, values.get("exponent")),
        "mixture" => format!("mixture {}", values.get("mixture")),
        "usual" => return Ok(None),
        _ => format!("constant {}", time("constant")?),
    };
    Latency::read(&text, &KnobKind::Latency).map(Some).map_err(|why| sentence(&why))
}

/// A link's bandwidth; `None` is the usual one.
pub fn bandwidth(values: &Values) -> Result<Option<Bandwidth>, String> {
    match values.get("kind") {
        "usual" => Ok(None),
        "unlimited" => Ok(Some(Bandwidth::UNLIMITED)),
        _ => {
            let text = format!("{}{}", values.get("value"), values.get("unit"));
            Bandwidth::read(&text, &KnobKind::Bandwidth).map(Some).map_err(|why| sentence(&why))
        }
    }
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_model::MsgId;
    use faultline_sim::Scenario;

    use super::*;

    const A: NodeId = NodeId(0);
    const B: NodeId = NodeId(1);

    fn view() -> WorldView {
        let scenario = Scenario { protocol: "raft".into(), nodes: 3, ..Scenario::default() };
        catalogue::build(&scenario).unwrap().view()
    }

    /// The form with some fields changed.
    fn read(form: &Form, changed: &[(&'static str, &str)]) -> Result<Vec<Action>, String> {
        let view = view();
        let mut values = Values::of(&form.fields(&view));
        changed.iter().for_each(|(key, value)| values.set(key, (*value).to_owned()));
        form.read(&values, &view)
    }

    #[test]
    fn amounts_are_read_with_their_units() {
        let behind = [("value", "1.5"), ("unit", "s"), ("way", "-"), ("drift", "-200")];
        let clock = read(&Form::Clock(B), &behind);
        assert_eq!(clock, Ok(vec![Action::Skew(B, -1_500_000), Action::Drift(B, -200)]));
        assert_eq!(read(&Form::Clock(B), &[]), Ok(vec![Action::Skew(B, 5_000_000)]));
        assert_eq!(read(&Form::Jump(A), &[("way", "-")]), Ok(vec![Action::Jump(A, -5_000_000)]));
        assert_eq!(read(&Form::Delay(MsgId(3)), &[]), Ok(vec![Action::Delay(MsgId(3), Span::millis(20))]));
        assert_eq!(read(&Form::Slow(B), &[("value", "300")]), Ok(vec![Action::Slow(B, 300)]));
        let lose = read(&Form::Lose(A, B), &[("value", "2.5")]).unwrap();
        assert_eq!(lose, [Action::Lose(A, B, Chance(25_000)), Action::Lose(B, A, Chance(25_000))]);
    }

    #[test]
    fn links_disks_and_references_are_chosen() {
        let one_way = |more: &[(&'static str, &str)]| {
            let mut changed = vec![("both", "")];
            changed.extend(more);
            read(&Form::Latency(A, B), &changed).unwrap().remove(0)
        };
        let set = |latency| Action::Latency(A, B, Some(latency));
        assert_eq!(one_way(&[]), set(Latency::Constant(Span::millis(80))));
        assert_eq!(one_way(&[("shape", "pareto")]), set(Latency::Pareto(Span::millis(40), 2_500)));
        let uniform = one_way(&[("shape", "uniform"), ("low", "0.5"), ("high", "2"), ("unit", "s")]);
        assert_eq!(uniform, set(Latency::Uniform(Span::millis(500), Span::secs(2))));
        let mixture = one_way(&[("shape", "mixture")]);
        assert!(matches!(mixture, Action::Latency(_, _, Some(Latency::Mixture(..)))), "{mixture:?}");
        assert_eq!(one_way(&[("shape", "usual")]), Action::Latency(A, B, None));
        let wide = read(&Form::Bandwidth(A, B), &[("both", ""), ("value", "1.5")]);
        assert_eq!(wide, Ok(vec![Action::Bandwidth(A, B, Some(Bandwidth(1_500)))]));
        let usual = read(&Form::DiskLatency(A), &[("kind", "usual")]);
        assert_eq!(usual, Ok(vec![Action::DiskLatency(A, None)]));
        let sync = read(&Form::SyncClock(B), &[("how", "slew")]);
        assert_eq!(sync, Ok(vec![Action::SyncClock(B, A, Correction::Slew)]));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong: [(Form, &[(&'static str, &str)]); 14] = [
            (Form::Clock(A), &[("value", "soon")]),
            (Form::Clock(A), &[("value", "-5")]),
            (Form::Clock(A), &[("value", "999999999")]),
            (Form::Clock(A), &[("drift", "fast")]),
            (Form::Slow(A), &[("value", "0")]),
            (Form::Delay(MsgId(1)), &[("value", "0")]),
            (Form::Delay(MsgId(1)), &[("value", "")]),
            (Form::Lose(A, B), &[("value", "101")]),
            (Form::Invoke(A, vec![]), &[("text", "  ")]),
            (Form::Latency(A, B), &[("constant", "99999"), ("unit", "s")]),
            (Form::Latency(A, B), &[("shape", "uniform"), ("low", "500")]),
            (Form::Latency(A, B), &[("shape", "pareto"), ("exponent", "NaN")]),
            (Form::Bandwidth(A, B), &[("value", "0")]),
            (Form::DiskLatency(A), &[("value", "9999"), ("unit", "s")]),
        ];
        for (form, changed) in wrong {
            let error = read(&form, changed).unwrap_err();
            assert!(error.ends_with('.') && !error.starts_with(char::is_lowercase), "{form:?}: {error}");
        }
    }
}
