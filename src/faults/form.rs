//! The small forms behind items that end in "…": which fields each has. Pure; [`super::sheet`] draws
//! them, [`read`] makes actions of what was filled in.

mod operation;
mod read;

use faultline_model::{KnobKind, Latency, MsgId, NodeId, OpForm, ParamField};
use faultline_sim::{LinkView, NodeView, WorldView};

pub use operation::{keep_in_step, operation_fields};

use super::fields::{Field, Preview, Values, sentence};

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// How far a clock is ahead or behind, and its drift.
    Clock(NodeId),
    /// By how much a clock jumps.
    Jump(NodeId),
    /// By which node's clock one is corrected, and how.
    SyncClock(NodeId),
    /// What work takes.
    Slow(NodeId),
    /// What a write takes.
    DiskLatency(NodeId),
    /// How much longer a write takes than usual.
    DiskSlow(NodeId),
    /// Which lie is told.
    Lie(NodeId),
    /// An operation of one of these forms.
    Invoke(NodeId, Vec<OpForm>),
    /// By how much a message is late.
    Delay(MsgId),
    /// The share of messages that a link loses.
    Lose(NodeId, NodeId),
    /// How many messages of a link arrive twice.
    Repeat(NodeId, NodeId),
    /// How long messages take on a link.
    Latency(NodeId, NodeId),
    /// How much a link carries.
    Bandwidth(NodeId, NodeId),
}

const TIMES: &[(&str, &str)] = &[("ms", "ms"), ("s", "s")];
const RATES: &[(&str, &str)] =
    &[("KB/s", "KB/s"), ("MB/s", "MB/s"), ("B/s", "B/s"), ("kbit/s", "kbit/s"), ("Mbit/s", "Mbit/s")];
const SHAPES: &[(&str, &str)] = &[
    ("constant", "constant"),
    ("uniform", "uniform"),
    ("normal", "normal"),
    ("exponential", "exponential"),
    ("pareto", "Pareto"),
    ("mixture", "mixture of two"),
    ("usual", "as usual"),
];

impl Form {
    /// Its fields; they hold the state as it is, or a usual amount.
    pub fn fields(&self, view: &WorldView) -> Vec<Field> {
        let node = |node: &NodeId| view.nodes.get(node.index());
        match self {
            Form::Clock(id) => clock(node(id)),
            Form::Jump(_) => vec![
                Field::number("value", "Jumps by", 5),
                Field::choice("unit", "Unit", TIMES, "s"),
                Field::choice("way", "Direction", &[("+", "forwards"), ("-", "backwards")], "+"),
            ],
            Form::SyncClock(id) => reference(view, *id),
            Form::Slow(id) => {
                vec![percent("Work takes, % of the usual time", node(id).map_or(100, |node| node.slow))]
            }
            Form::DiskSlow(id) => vec![percent(
                "A write takes, % of the usual time",
                node(id).map_or(100, |node| node.disk_slow),
            )],
            Form::DiskLatency(_) => vec![
                Field::choice(
                    "kind",
                    "A write takes",
                    &[("fixed", "this long"), ("usual", "as long as usual")],
                    "fixed",
                ),
                Field::number("value", "Time", 20).when("kind", &["fixed"]),
                Field::choice("unit", "Unit", TIMES, "ms").when("kind", &["fixed"]),
            ],
            Form::Lie(id) => {
                let lies = node(id).map_or(&[][..], |node| node.lies);
                let words: Vec<String> = lies.iter().map(|lie| lie.id.replace('-', " ")).collect();
                let options: Vec<_> =
                    lies.iter().zip(&words).map(|(lie, word)| (lie.id, word.as_str())).collect();
                vec![Field::choice("lie", "Lie", &options, lies.first().map_or("", |lie| lie.id))]
            }
            Form::Invoke(_, forms) => operation_fields(forms),
            Form::Delay(_) => {
                vec![Field::number("value", "Later by", 20), Field::choice("unit", "Unit", TIMES, "ms")]
            }
            Form::Lose(..) => vec![share("Lose, per cent"), both()],
            Form::Repeat(..) => vec![share("Arrive twice, per cent"), both()],
            Form::Latency(from, to) => latency(link(view, *from, *to)),
            Form::Bandwidth(..) => {
                let kinds = [("limited", "limited"), ("unlimited", "unlimited"), ("usual", "as usual")];
                vec![
                    Field::choice("kind", "Bandwidth", &kinds, "limited"),
                    Field::number("value", "Carries", 10).when("kind", &["limited"]),
                    Field::choice("unit", "Unit", RATES, "KB/s").when("kind", &["limited"]),
                    both(),
                ]
            }
        }
    }

    /// What its button says.
    pub fn verb(&self) -> &'static str {
        match self {
            Form::Invoke(..) => "Send",
            Form::Delay(_) => "Delay",
            Form::Jump(_) => "Jump",
            Form::SyncClock(_) => "Synchronise",
            Form::Lie(_) => "Lie",
            _ => "Set",
        }
    }

    /// What it comes to so far; nothing while it cannot be read.
    pub fn preview(&self, values: &Values, view: &WorldView) -> Preview {
        let mut preview = Preview::default();
        match self {
            Form::Latency(..) => preview.latency = read::latency(values).ok().flatten(),
            Form::Bandwidth(..) => {
                if let Ok(Some(bandwidth)) = read::bandwidth(values)
                    && bandwidth.is_limited()
                {
                    preview.words = format!(
                        "A message of 1000 bytes keeps the link busy for {}.",
                        bandwidth.time_for(1_000)
                    );
                }
            }
            Form::Lie(id) => {
                let node = view.nodes.get(id.index());
                let told = node
                    .and_then(|node| Some((node, node.lies.iter().find(|lie| lie.id == values.get("lie"))?)));
                preview.words = told
                    .map(|(node, lie)| sentence(&format!("{} {}", node.id, lie.sentence)))
                    .unwrap_or_default();
            }
            _ => {}
        }
        preview
    }
}

fn link(view: &WorldView, from: NodeId, to: NodeId) -> Option<&LinkView> {
    view.links.iter().find(|link| (link.from.node, link.to.node) == (from, to))
}

/// A length of time as a number and its unit.
fn amount(micros: u64) -> (String, &'static str) {
    match micros {
        0 => ("5".to_owned(), "s"),
        whole if whole % 1_000_000 == 0 => ((whole / 1_000_000).to_string(), "s"),
        other => (millis(other), "ms"),
    }
}

/// Microseconds as milliseconds, to the last digit.
fn millis(micros: u64) -> String {
    (micros as f64 / 1_000.0).to_string()
}

fn clock(node: Option<&NodeView>) -> Vec<Field> {
    let offset = node.map_or(0, |node| node.offset);
    let (value, unit) = amount(offset.unsigned_abs());
    let way = if offset < 0 { "-" } else { "+" };
    vec![
        Field::number("value", "Off by", value),
        Field::choice("unit", "Unit", TIMES, unit),
        Field::choice("way", "Direction", &[("+", "ahead"), ("-", "behind")], way),
        Field::text(
            "drift",
            "Drift, ppm (microseconds gained a second)",
            node.map_or(0, |node| node.drift).to_string(),
        ),
    ]
}

fn reference(view: &WorldView, id: NodeId) -> Vec<Field> {
    use faultline_sim::Status;
    let fit = |node: &&NodeView| node.node != id && !matches!(node.status, Status::Down | Status::Left);
    let numbers: Vec<(String, &str)> =
        view.nodes.iter().filter(fit).map(|node| (node.node.0.to_string(), node.id.as_str())).collect();
    let options: Vec<(&str, &str)> = numbers.iter().map(|(number, name)| (number.as_str(), *name)).collect();
    vec![
        Field::choice("with", "By the clock of", &options, options.first().map_or("", |(number, _)| number)),
        Field::choice(
            "how",
            "How",
            &[("step", "at once (step)"), ("slew", "little by little (slew)")],
            "step",
        ),
    ]
}

fn percent(label: &'static str, now: u32) -> Field {
    Field::number("value", label, if now == 100 { 200 } else { now })
}

fn share(label: &'static str) -> Field {
    Field::number("value", label, 10)
}

fn both() -> Field {
    Field::check("both", "both ways", true)
}

fn latency(link: Option<&LinkView>) -> Vec<Field> {
    let now = link.and_then(|link| link.latency.as_deref());
    let now = now.and_then(|text| Latency::read(text, &KnobKind::Latency).ok());
    let mut start = Values::default();
    for (key, value) in [
        ("shape", "constant"),
        ("constant", "80"),
        ("low", "40"),
        ("high", "120"),
        ("mean", "80"),
        ("deviation", "20"),
        ("exponent", "2.5"),
        ("mixture", "90% constant 10ms else exponential 200ms"),
    ] {
        start.set(key, value.to_owned());
    }
    let mut put = |shape: &str, values: &[(&'static str, String)]| {
        start.set("shape", shape.to_owned());
        values.iter().for_each(|(key, value)| start.set(key, value.clone()));
    };
    match now {
        None => {}
        Some(Latency::Constant(span)) => put("constant", &[("constant", millis(span.0))]),
        Some(Latency::Uniform(low, high)) => {
            put("uniform", &[("low", millis(low.0)), ("high", millis(high.0))])
        }
        Some(Latency::Normal(mean, deviation)) => {
            put("normal", &[("mean", millis(mean.0)), ("deviation", millis(deviation.0))]);
        }
        Some(Latency::Exponential(mean)) => put("exponential", &[("mean", millis(mean.0))]),
        Some(Latency::Pareto(scale, shape)) => {
            put(
                "pareto",
                &[("low", millis(scale.0)), ("exponent", (f64::from(shape) / 1_000.0).to_string())],
            );
        }
        Some(mixture @ Latency::Mixture(..)) => {
            put("mixture", &[("mixture", mixture.write().trim_start_matches("mixture ").to_owned())]);
        }
    }
    let number = |key, label, shapes| Field::number(key, label, start.get(key)).when("shape", shapes);
    let times: &[&str] = &["constant", "uniform", "normal", "exponential", "pareto"];
    vec![
        Field::choice("shape", "Distribution", SHAPES, start.get("shape")),
        number("constant", "Each message takes", &["constant"]),
        number("low", "At least", &["uniform", "pareto"]),
        number("high", "At most", &["uniform"]),
        number("mean", "Mean", &["normal", "exponential"]),
        number("deviation", "Deviation", &["normal"]),
        number("exponent", "Exponent", &["pareto"]),
        Field::text("mixture", "Share and one, else the other", start.get("mixture"))
            .when("shape", &["mixture"]),
        Field::choice("unit", "Unit", TIMES, "ms").when("shape", times),
        both(),
    ]
}
