//! Every checker there is, by its short name, and those that can judge what clients saw on any protocol.
//!
//! A protocol states its own invariants as properties; which checker a property is an instance of, stands
//! here. The others are pure functions of this crate, judged on a history, a trace or a copy of the run.

use faultline_model::NodeId;
use serde::Serialize;

use crate::history::{History, Operation};
use crate::linear::{Check, Disorder, Order, OrderVerdict};
use crate::sessions::{Age, Guarantee, Sessions};
use crate::spec::{Model, Verb};
use crate::staleness::stale_reads;

/// One checker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Checker {
    /// Its short name: "K6".
    pub id: &'static str,
    /// Its name in the field.
    pub name: &'static str,
    /// What it says, in one sentence.
    pub definition: &'static str,
    /// The ids of the protocols' properties that are instances of it.
    pub properties: &'static [&'static str],
}

const fn checker(
    id: &'static str,
    name: &'static str,
    definition: &'static str,
    properties: &'static [&'static str],
) -> Checker {
    Checker { id, name, definition, properties }
}

/// All checkers.
pub const CHECKERS: [Checker; 21] = [
    checker(
        "K1",
        "Linearizable",
        "One order of the operations explains every answer and keeps to real time.",
        &["linearizable", "no-new-old-inversion"],
    ),
    checker(
        "K2",
        "Sequentially consistent",
        "One order of the operations explains every answer and keeps to the order of each process.",
        &[],
    ),
    checker(
        "K3",
        "Causal",
        "No read returns what was causally overwritten before it.",
        &["causal-order", "hybrid-order"],
    ),
    checker(
        "K4",
        "Session guarantees",
        "Each process reads its writes, reads nothing older than before, and sees writes after what they follow.",
        &[],
    ),
    checker(
        "K5",
        "Agreement, validity, integrity",
        "No two decided values differ; what is decided was proposed; each decides once.",
        &[
            "agreement",
            "validity",
            "learned-is-chosen",
            "chosen-value-stays",
            "agreement-of-generals",
            "decided-once",
        ],
    ),
    checker(
        "K6",
        "Election safety",
        "At most one leader in a term, over the whole history.",
        &["election-safety"],
    ),
    checker(
        "K7",
        "Log matching",
        "Logs with an entry of the same index and term are identical up to there.",
        &["log-matching"],
    ),
    checker(
        "K8",
        "Leader completeness",
        "An entry committed in a term is in the logs of the leaders of all later terms.",
        &["leader-completeness"],
    ),
    checker(
        "K9",
        "State machine safety",
        "No two servers apply different commands at one index.",
        &["state-machine-safety"],
    ),
    checker(
        "K10a",
        "Mutual exclusion of belief",
        "At most one believes that it holds the lock.",
        &["exclusion-of-belief", "exclusion"],
    ),
    checker(
        "K10b",
        "Mutual exclusion of effect",
        "Nothing is accepted from a holder that has been superseded.",
        &["exclusion-of-effect"],
    ),
    checker(
        "K11",
        "Convergence",
        "At rest, with all links up, all replicas are equal.",
        &["convergence", "converged"],
    ),
    checker("K12", "Conservation", "The sum over processes and channels stays the same.", &["conservation"]),
    checker(
        "K13",
        "Serializable, strict, snapshot isolation",
        "The graph of what depends on what has no cycle that the level forbids.",
        &[],
    ),
    checker(
        "K14",
        "Atomic commitment",
        "Never committed at one participant and aborted at another.",
        &["atomic-commit"],
    ),
    checker(
        "K15",
        "Exactly-once effect",
        "No operation takes effect twice, and each acknowledged one takes effect.",
        &["exactly-once-effect"],
    ),
    checker(
        "K16",
        "Durable acknowledgement",
        "An acknowledged write can be read from any later leader.",
        &["no-lost-acknowledged-write"],
    ),
    checker(
        "K17",
        "Liveness probe",
        "Once everything is mended, a fresh request is answered within a time.",
        &["non-blocking"],
    ),
    checker(
        "K18",
        "Bounded",
        "Queues, messages in flight and what a node remembers stay below a limit.",
        &["bounded", "bounded-queue"],
    ),
    checker("K19", "Staleness", "No read returns a value older than a bound.", &["no-stale-read"]),
    checker(
        "K20",
        "Accuracy and completeness",
        "Nobody alive is suspected for good; whoever crashed is suspected by all within a time.",
        &[
            "accuracy",
            "completeness",
            "accuracy-timeout",
            "accuracy-phi",
            "completeness-timeout",
            "completeness-phi",
        ],
    ),
];

/// The checker of which a protocol's property is an instance.
pub fn checker_of(property: &str) -> Option<&'static Checker> {
    CHECKERS.iter().find(|checker| checker.properties.contains(&property))
}

/// One checker's verdict on a run: on what its clients saw, or on what its nodes testified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The checker's short name.
    pub id: &'static str,
    /// What is judged.
    pub name: &'static str,
    /// Whether it holds; `None` if that could not be decided.
    pub holds: Option<bool>,
    /// Why not, or the order that explains everything, in a sentence.
    pub why: String,
    /// The operations that show it, places in [`History::operations`]. Of what is broken, the one whose
    /// answer broke it is in [`Judgement::last`].
    pub operations: Vec<usize>,
    /// The operation with whose answer it broke, where that is known.
    pub last: Option<usize>,
    /// The nodes that show it.
    pub nodes: Vec<NodeId>,
    /// The events that show it, by their numbers; with the last of them it broke.
    pub events: Vec<u32>,
    /// An order that explains every answer, or all that can be explained; empty where order does not matter.
    pub order: Vec<usize>,
}

impl Judgement {
    /// Of something of which nothing is known yet.
    pub fn new(id: &'static str, name: &'static str) -> Judgement {
        Judgement { id, name, ..Judgement::default() }
    }

    /// Whether it is a promise that no later event can mend once it is broken.
    pub fn stays_broken(&self) -> bool {
        !matches!(self.name, "Sequentially consistent" | "Eventual accuracy") && self.id != "K17"
    }
}

/// What a page can spare for one verdict, bytes.
const BYTES: usize = 64 << 20;
/// So many possibilities are looked at, some tenths of a second, before a verdict is given up.
const PATIENCE: u32 = 400_000;

/// Every verdict that can be given on a history of reads and writes, strongest first.
pub fn judge_clients(history: &History) -> Vec<Judgement> {
    let text = |verb: &Verb| matches!(verb, Verb::Append(_));
    let store = history.operations().iter().any(|operation| text(&operation.call.verb));
    let model = if store { Model::Kv } else { Model::CasRegister };
    let orders =
        [("K1", "Linearizable", Order::Linearizable), ("K2", "Sequentially consistent", Order::Sequential)];
    let mut verdicts: Vec<Judgement> =
        orders.into_iter().filter_map(|(id, name, order)| ordered(history, model, id, name, order)).collect();
    if let Ok(sessions) = Sessions::new(history, Age::Causal) {
        let all = [
            ("K3", "Causally consistent", Guarantee::Causal),
            ("K4", "Read your writes", Guarantee::ReadYourWrites),
            ("K4", "Monotonic reads", Guarantee::MonotonicReads),
            ("K4", "Monotonic writes", Guarantee::MonotonicWrites),
            ("K4", "Writes follow reads", Guarantee::WritesFollowReads),
        ];
        verdicts.extend(all.into_iter().map(|(id, name, guarantee)| {
            let judge = |history: &History| {
                let violation = Sessions::new(history, Age::Causal).ok()?.judge(guarantee)?;
                Some((violation.sentence, violation.operations))
            };
            let broken = sessions.judge(guarantee).is_some();
            earliest(history, Judgement { holds: Some(!broken), ..Judgement::new(id, name) }, judge)
        }));
    }
    verdicts.push(fresh(history));
    verdicts
}

fn ordered(
    history: &History,
    model: Model,
    id: &'static str,
    name: &'static str,
    order: Order,
) -> Option<Judgement> {
    let mut check = Check::new(history.clone(), model, order, BYTES).ok()?;
    let verdict = check.go_on(PATIENCE).cloned();
    let why = check.sentence().unwrap_or_else(|| "undecided: it takes too long for a page".to_owned());
    let mut judgement = Judgement { why, ..Judgement::new(id, name) };
    match verdict {
        Some(OrderVerdict::Holds { order }) => {
            judgement.holds = Some(true);
            judgement.order = order;
        }
        Some(OrderVerdict::Broken(Disorder { concerned, order, last, .. })) => {
            judgement.holds = Some(false);
            judgement.operations = concerned;
            judgement.order = order;
            judgement.last = last;
        }
        Some(OrderVerdict::Undecided { .. }) | None => {}
    }
    Some(judgement)
}

/// Takes what shows that a judgement is broken from the shortest prefix that is: what is broken stays so.
fn earliest(
    history: &History,
    mut judgement: Judgement,
    judge: impl Fn(&History) -> Option<(String, Vec<usize>)>,
) -> Judgement {
    if judgement.holds != Some(false) {
        return judgement;
    }
    let (mut whole, mut broken) = (0, history.events());
    while broken - whole > 1 {
        let middle = whole.midpoint(broken);
        if judge(&history.prefix(middle)).is_some() {
            broken = middle;
        } else {
            whole = middle;
        }
    }
    let ends = |operation: &Operation| operation.returned == Some(broken);
    judgement.last = history.operations().iter().position(ends);
    (judgement.why, judgement.operations) = judge(&history.prefix(broken)).unwrap_or_default();
    judgement
}

fn fresh(history: &History) -> Judgement {
    let judge = |history: &History| {
        let stale = stale_reads(history);
        let worst = stale.iter().max_by_key(|stale| stale.versions)?;
        let all = history.operations();
        let (read, missed) = (all[worst.read].describe(), all[worst.missed].describe());
        let writes = if worst.versions == 1 { "write" } else { "writes" };
        let versions = worst.versions;
        let why = format!(
            "`{read}` is {versions} acknowledged {writes} behind: `{missed}` had ended before it began"
        );
        Some((why, vec![worst.missed, worst.read]))
    };
    let holds = Some(judge(history).is_none());
    earliest(history, Judgement { holds, ..Judgement::new("K19", "No stale reads") }, judge)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(lines: &[&str]) -> Vec<(&'static str, Option<bool>)> {
        let text: Vec<String> = lines.iter().map(|line| format!("INFO  jepsen.util - {line}")).collect();
        let history = History::parse(&text.join("\n")).expect("a history");
        judge_clients(&history).into_iter().map(|verdict| (verdict.name, verdict.holds)).collect()
    }

    #[test]
    fn names_are_unique_and_every_property_has_one_checker() {
        let mut ids: Vec<&str> = CHECKERS.iter().map(|checker| checker.id).collect();
        let mut properties: Vec<&str> =
            CHECKERS.iter().flat_map(|checker| checker.properties).copied().collect();
        let counts = (ids.len(), properties.len());
        ids.sort_unstable();
        ids.dedup();
        properties.sort_unstable();
        properties.dedup();
        assert_eq!((ids.len(), properties.len()), counts);
    }

    /// A stale read by another process: real time is broken, and nothing weaker.
    #[test]
    fn each_verdict_is_its_own() {
        let stale = [
            "0 :invoke :write 1",
            "0 :ok :write 1",
            "0 :invoke :write 2",
            "0 :ok :write 2",
            "1 :invoke :read nil",
            "1 :ok :read 1",
        ];
        let broken = |lines: &[&str]| -> Vec<&'static str> {
            judged(lines)
                .into_iter()
                .filter(|(_, holds)| *holds == Some(false))
                .map(|(name, _)| name)
                .collect()
        };
        assert_eq!(broken(&stale), ["Linearizable", "No stale reads"]);
        // The same process reads the new value and then the old one.
        let back = [&stale[..4], &["1 :invoke :read nil", "1 :ok :read 2"], &stale[4..]].concat();
        assert_eq!(
            broken(&back),
            [
                "Linearizable",
                "Sequentially consistent",
                "Causally consistent",
                "Monotonic reads",
                "Monotonic writes",
                "No stale reads"
            ]
        );
        assert!(judged(&stale[..4]).into_iter().all(|(_, holds)| holds == Some(true)));
    }
}
