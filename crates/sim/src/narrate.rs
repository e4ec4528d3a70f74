//! Events as sentences. Compiled once for all protocols.

use faultline_model::{About, Cast, ParamField, Span};

use crate::event::{Event, Loss, What};
use crate::{Action, Correction, Sentence};

/// What happened and why. `action` is the intervention behind the event, where there was one: it knows
/// more (which groups, by how much).
pub(crate) fn narrate(
    about: &About,
    cast: &Cast,
    epoch_name: &str,
    event: &Event,
    action: Option<&Action>,
) -> Sentence {
    let rule = event.rule.and_then(|rule| about.rule(rule));
    let mut text = what_happened(cast, epoch_name, event, action);
    if let Some(rule) = rule {
        text.push_str(": ");
        text.push_str(rule.sentence);
    }
    text.push('.');
    Sentence {
        text,
        source: rule.map(|rule| rule.source.to_owned()).unwrap_or_default(),
        rule: rule.map(|rule| rule.id.to_owned()).unwrap_or_default(),
    }
}

fn what_happened(cast: &Cast, epoch_name: &str, event: &Event, action: Option<&Action>) -> String {
    let node = cast.name(event.node);
    let peer = event.peer.map_or("?", |peer| cast.name(peer));
    let epoch = match event.epoch {
        Some(epoch) if !epoch_name.is_empty() => format!(" ({epoch_name} {epoch})"),
        Some(epoch) => format!(" ({epoch})"),
        None => String::new(),
    };
    let kind = event.kind;
    let lie = if event.lie { ", a lie" } else { "" };
    let timer = kind.to_lowercase();
    match event.what {
        What::Delivered => format!("{node} gets {kind} from {peer}{epoch}{lie}"),
        What::Queued => format!("{kind} from {peer}{epoch} waits in {node}’s inbox"),
        What::Lost(loss) => {
            let why = match loss {
                Loss::Dropped => "dropped by hand".to_owned(),
                Loss::Chance => "the network lost it".to_owned(),
                Loss::Cut => format!("the link {node}→{peer} is cut"),
                Loss::Down => format!("{peer} is down"),
                Loss::Alike => format!("all like it are dropped on the link {node}→{peer}"),
            };
            format!("{kind} from {node} to {peer}{epoch} is lost: {why}")
        }
        What::Fired => format!("{node}’s {timer} timer fires"),
        What::FireQueued => format!("{node}’s {timer} timer runs out and waits in its inbox"),
        What::Synced => format!("{node}’s write is on disk"),
        What::Invoked => match action {
            Some(Action::Invoke(_, text)) => format!("{node} is asked to {text}"),
            _ if !kind.is_empty() => format!("{node} is asked to {} (workload)", kind.to_lowercase()),
            _ => format!("{node} takes a client’s operation"),
        },
        What::InvokeQueued => format!("an operation waits in {node}’s inbox"),
        What::Delayed => format!("{kind} from {node} to {peer}{epoch} is delayed{}", amount(action)),
        What::Duplicated => format!("{kind} from {node} to {peer}{epoch} is duplicated"),
        What::Cut => format!("the link {node}→{peer} is cut"),
        What::Healed => format!("the link {node}→{peer} is healed"),
        What::Partitioned => format!("the network splits{}", groups(cast, action)),
        What::HealedAll => "every link is healed".to_owned(),
        What::LinkSet => format!("the link {node}→{peer} changes{}", amount(action)),
        What::Crashed => format!("{node} crashes: its memory is lost, its disk stays"),
        What::Restarted => format!("{node} restarts with what its disk holds"),
        What::RestartedEmpty => format!("{node} restarts with an empty disk"),
        What::Paused => format!("{node} is paused and does not know it"),
        What::Resumed => format!("{node} goes on"),
        What::ClockSet => format!("{node}’s clock changes{}", amount(action)),
        What::SpeedSet => format!("{node}’s speed changes{}", amount(action)),
        What::WorkloadBegun => format!("clients begin to ask by themselves{}", workload(cast, action)),
        What::WorkloadEnded => "clients no longer ask by themselves".to_owned(),
        What::Missed => format!("an operation ({}) finds {node} down", kind.to_lowercase()),
        What::Joined => format!("{node} joins"),
        What::Left => format!("{node} leaves for good"),
        What::Lies => format!("{node} begins to lie{}", which_lie(action)),
        What::Honest => format!("{node} no longer lies"),
        What::Skipped => match action {
            Some(Action::Skip(why)) => format!("a step of the plan is skipped: {why}"),
            _ => "a step of the plan is skipped".to_owned(),
        },
        What::DroppedAll => format!("from now on {} on the link {node}→{peer} is lost", alike(action)),
        What::LetThrough => format!("{} on the link {node}→{peer} is let through again", alike(action)),
        What::Held => format!("the link {node}→{peer} is held: nothing on it arrives"),
        What::Released => format!("the link {node}→{peer} is released: what it held goes on"),
        What::Killed => {
            format!("{node}’s process stops: its memory is lost, its writes still reach the disk")
        }
        What::ClockSynced => corrected(cast, node, action),
        What::DiskSet => format!("{node}’s disk changes{}", amount(action)),
        What::Corrupted => format!("a record on {node}’s disk no longer fits its checksum"),
    }
}

fn amount(action: Option<&Action>) -> String {
    match action {
        Some(Action::Delay(_, by)) => format!(" by {by}"),
        Some(Action::Lose(_, _, chance)) => format!(": it loses {}", chance.write()),
        Some(Action::Repeat(_, _, chance)) => format!(": {} of its messages arrive twice", chance.write()),
        Some(Action::Order(_, _, true)) => ": it keeps the order of messages".to_owned(),
        Some(Action::Order(_, _, false)) => ": messages may overtake each other on it".to_owned(),
        Some(Action::Latency(_, _, Some(latency))) => {
            format!(": its latency is {}", latency.write())
        }
        Some(Action::Latency(_, _, None)) => ": its latency is the usual one".to_owned(),
        Some(Action::Skew(_, offset)) => format!(": it is now {} true time", ahead(*offset)),
        Some(Action::Drift(_, drift)) => format!(": it gains {drift} µs a second"),
        Some(Action::Slow(_, percent)) => format!(": work takes {percent} % of the usual time"),
        Some(Action::Jump(_, by)) if *by < 0 => format!(": it jumps back by {}", Span(by.unsigned_abs())),
        Some(Action::Jump(_, by)) => format!(": it jumps ahead by {}", Span(by.unsigned_abs())),
        Some(Action::Bandwidth(_, _, None)) => ": its bandwidth is the usual one".to_owned(),
        Some(Action::Bandwidth(_, _, Some(bandwidth))) => format!(": its bandwidth is {}", bandwidth.write()),
        Some(Action::DiskLatency(_, None)) => ": a write takes the usual time".to_owned(),
        Some(Action::DiskLatency(_, Some(span))) => format!(": a write takes {span}"),
        Some(Action::DiskSlow(_, percent)) => format!(": a write takes {percent} % of its time"),
        Some(Action::DiskFull(_, true)) => ": it is full, and writes wait for room".to_owned(),
        Some(Action::DiskFull(_, false)) => ": it has room again".to_owned(),
        _ => String::new(),
    }
}

/// The messages that a standing rule is about.
fn alike(action: Option<&Action>) -> String {
    match action {
        Some(Action::DropAll(_, _, kind) | Action::LetThrough(_, _, kind)) => format!("every {kind}"),
        _ => "every message of one kind".to_owned(),
    }
}

fn corrected(cast: &Cast, node: &str, action: Option<&Action>) -> String {
    let Some(Action::SyncClock(_, reference, correction)) = action else {
        return format!("{node}’s clock is corrected by another’s");
    };
    let how = match correction {
        Correction::Step => "set",
        Correction::Slew => "slewed",
    };
    format!("{node}’s clock is {how} by {}’s, as well as half a round trip tells", cast.name(*reference))
}

fn ahead(offset: i64) -> String {
    let size = Span(offset.unsigned_abs());
    match offset {
        0 => "at".to_owned(),
        1.. => format!("{size} ahead of"),
        _ => format!("{size} behind"),
    }
}

fn workload(cast: &Cast, action: Option<&Action>) -> String {
    let Some(Action::Workload(spec)) = action else {
        return String::new();
    };
    let named = spec.rename(|&node| Ok::<_, ()>(cast.name(node).to_owned()));
    named.map(|named| format!(": {named}")).unwrap_or_default()
}

fn which_lie(action: Option<&Action>) -> String {
    match action {
        Some(Action::Lie(_, lie)) => format!(" ({lie})"),
        _ => String::new(),
    }
}

fn groups(cast: &Cast, action: Option<&Action>) -> String {
    let Some(Action::Partition(groups)) = action else {
        return String::new();
    };
    let group = |nodes: &Vec<_>| nodes.iter().map(|&node| cast.name(node)).collect::<Vec<_>>().join(" ");
    let sides: Vec<String> = groups.iter().map(|nodes| format!("{{{}}}", group(nodes))).collect();
    format!(" into {}", sides.join(" and "))
}
