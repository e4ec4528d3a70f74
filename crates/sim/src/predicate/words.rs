//! Goals in words.

use faultline_model::Cast;

use super::judge::used;
use super::{Amount, Compare, Moment, Predicate};

impl Predicate {
    /// The goal as an English sentence without its full stop: "Exactly 2 nodes are leader".
    pub fn describe(&self, cast: &Cast) -> String {
        let clause = self.clause(cast);
        let mut letters = clause.chars();
        match letters.next() {
            Some(first) if !self.starts_with_a_name() => first.to_uppercase().chain(letters).collect(),
            _ => clause,
        }
    }

    fn starts_with_a_name(&self) -> bool {
        matches!(self, Predicate::Field { .. })
    }

    fn clause(&self, cast: &Cast) -> String {
        match self {
            Predicate::Role { role, amount } => in_role(role, *amount),
            Predicate::Field { node, path, compare, value } => {
                format!("{} {} {}", possession(cast, node, path), comparison(*compare), value)
            }
            Predicate::Violated(id) => format!("the property {id} is violated"),
            Predicate::Holds(id) => format!("the property {id} holds"),
            Predicate::Operation { process, call, result, amount } => {
                operation(cast, process.as_deref(), call.as_deref(), result.as_deref(), *amount)
            }
            Predicate::Fault { verb, amount } => fault(verb, *amount),
            Predicate::InFlight { from, to, kind } => {
                in_flight(cast, from.as_deref(), to.as_deref(), kind.as_deref())
            }
            Predicate::Quiet => "nothing is in flight and nothing waits".to_owned(),
            Predicate::Before(time) => format!("it is earlier than {time}"),
            Predicate::After(time) => format!("it is {time} or later"),
            Predicate::Within { events, faults } => within(*events, *faults),
            Predicate::All(parts) => joined(parts, cast, "and"),
            Predicate::Any(parts) => format!("either {}", joined(parts, cast, "or")),
            Predicate::Not(part) => match part.as_ref() {
                Predicate::Quiet => "something is in flight or waits".to_owned(),
                part => format!("it is not so that {}", part.grouped(cast)),
            },
            Predicate::Then(parts) => {
                let clauses: Vec<String> = parts.iter().map(|part| part.grouped(cast)).collect();
                format!("first {}", clauses.join(", and later "))
            }
        }
    }

    /// In brackets where it would not be clear how far it reaches.
    fn grouped(&self, cast: &Cast) -> String {
        let clause = self.clause(cast);
        if self.parts().len() > 1 { format!("({clause})") } else { clause }
    }

    /// How things stand with what it speaks of; empty for combinations.
    pub(super) fn standing(&self, moment: &Moment<'_>) -> String {
        let cast = moment.world().cast();
        match self {
            Predicate::Role { role, .. } => {
                let names: Vec<&str> = moment.in_role(role).map(|node| node.id.as_str()).collect();
                match names.as_slice() {
                    [] => format!("no node is {role}"),
                    [one] => format!("{one} is {role}"),
                    many => format!("{} are {role}", many.join(", ")),
                }
            }
            Predicate::Field { node, path, .. } => match moment.value(node, path) {
                Ok(value) => format!("{} is {}", possession(cast, node, path), value.text(cast)),
                Err(why) => format!("{}: {why}", name(cast, node)),
            },
            Predicate::Violated(id) | Predicate::Holds(id) => match Predicate::verdict(id, moment) {
                None => format!("there is no property {id}"),
                Some(verdict) if verdict.holds => format!("{id} holds"),
                Some(verdict) if verdict.why.is_empty() => format!("{id} does not hold"),
                Some(verdict) => format!("{id} does not hold: {}", verdict.why),
            },
            Predicate::Operation { process, call, result, .. } => {
                let found = moment.operations(process.as_deref(), call.as_deref(), result.as_deref());
                format!("{found} {}", plural(found as u32, "such operation", "such operations"))
            }
            Predicate::Fault { verb, .. } => {
                format!("used {} so far", times(used(moment.facts(), verb)))
            }
            Predicate::InFlight { from, to, kind } => {
                let found = moment.flights(from.as_deref(), to.as_deref(), kind.as_deref()).count();
                format!("{found} such {} in flight", plural(found as u32, "message", "messages"))
            }
            Predicate::Quiet => match moment.under_way() {
                (0, 0, 0) => "nothing is in flight and nothing waits".to_owned(),
                (flights, inbox, writing) => {
                    format!("{flights} in flight, {inbox} waiting, {writing} being written")
                }
            },
            Predicate::Before(_) | Predicate::After(_) => format!("it is {}", moment.world().now()),
            Predicate::Within { .. } => {
                let facts = moment.facts();
                format!("{} events and {} faults so far", facts.events, facts.faults())
            }
            Predicate::All(_) | Predicate::Any(_) | Predicate::Not(_) | Predicate::Then(_) => String::new(),
        }
    }
}

/// A node's name as the cast writes it.
fn name<'a>(cast: &'a Cast, name: &'a str) -> &'a str {
    cast.find(name).map_or(name, |node| cast.name(node))
}

fn possession(cast: &Cast, node: &str, path: &str) -> String {
    match path {
        "operation" => format!("{}’s last operation", name(cast, node)),
        _ => format!("{}’s {path}", name(cast, node)),
    }
}

fn comparison(compare: Compare) -> &'static str {
    match compare {
        Compare::Is => "is",
        Compare::IsNot => "is not",
        Compare::Less => "is less than",
        Compare::AtMost => "is at most",
        Compare::More => "is more than",
        Compare::AtLeast => "is at least",
    }
}

fn plural<'a>(count: u32, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

fn times(count: u32) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

fn counted(amount: Amount, one: &str, many: &str) -> String {
    match amount {
        Amount { least: 0, most: Some(0) } => format!("no {one}"),
        Amount { least, most: Some(most) } if least == most => {
            format!("exactly {least} {}", plural(least, one, many))
        }
        Amount { least: 0, most: Some(most) } => format!("at most {most} {}", plural(most, one, many)),
        Amount { least, most: Some(most) } => format!("{least} to {most} {many}"),
        Amount { least, most: None } => format!("at least {least} {}", plural(least, one, many)),
    }
}

fn verb_form(amount: Amount) -> &'static str {
    let singular = match amount {
        Amount { least: 1, most: None } => true,
        Amount { most, .. } => matches!(most, Some(0 | 1)),
    };
    if singular { "is" } else { "are" }
}

fn operation(
    cast: &Cast,
    process: Option<&str>,
    call: Option<&str>,
    result: Option<&str>,
    amount: Amount,
) -> String {
    let count = match amount {
        Amount::SOME => "an operation".to_owned(),
        amount => counted(amount, "operation", "operations"),
    };
    let call = call.map_or(String::new(), |call| format!(" “{call}”"));
    let by = process.map_or(String::new(), |process| format!(" by {}", name(cast, process)));
    let form = if amount == Amount::SOME { "is" } else { verb_form(amount) };
    match result {
        None => format!("{count}{call}{by} {form} asked for"),
        Some(super::judge::OPEN) => format!("{count}{call}{by} {form} without an answer"),
        Some(result) => format!("{count}{call}{by} {form} answered “{result}”"),
    }
}

fn in_role(role: &str, amount: Amount) -> String {
    match (amount.least, amount.most) {
        (0, Some(0)) => format!("no node is {role}"),
        (1, None) => format!("at least one node is {role}"),
        (1, Some(1)) => format!("exactly one node is {role}"),
        _ => format!("{} are {role}", counted(amount, "node", "nodes")),
    }
}

fn fault(verb: &str, amount: Amount) -> String {
    let of = if verb == "any" { "of any kind".to_owned() } else { format!("“{verb}”") };
    format!("{} {of} {} used", counted(amount, "fault", "faults"), verb_form(amount))
}

fn in_flight(cast: &Cast, from: Option<&str>, to: Option<&str>, kind: Option<&str>) -> String {
    let kind = kind.unwrap_or("message");
    let article = if kind.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    let from = from.map_or(String::new(), |from| format!(" from {}", name(cast, from)));
    let to = to.map_or(String::new(), |to| format!(" to {}", name(cast, to)));
    format!("{article} {kind}{from}{to} is in flight")
}

fn within(events: Option<u32>, faults: Option<u32>) -> String {
    let events = events.map(|most| format!("{most} {}", plural(most, "event", "events")));
    let faults = faults.map(|most| format!("{most} {}", plural(most, "fault", "faults")));
    match (events, faults) {
        (Some(events), Some(faults)) => format!("no more than {events} and {faults} are needed"),
        (Some(one), None) | (None, Some(one)) => format!("no more than {one} are needed"),
        (None, None) => "the cost does not matter".to_owned(),
    }
}

fn joined(parts: &[Predicate], cast: &Cast, word: &str) -> String {
    let clauses: Vec<String> = parts.iter().map(|part| part.grouped(cast)).collect();
    match clauses.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => format!("{first} {word} {second}"),
        [most @ .., last] => format!("{}, {word} {last}", most.join(", ")),
    }
}
