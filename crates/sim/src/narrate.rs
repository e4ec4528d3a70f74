//! Events as sentences. Compiled once for all protocols.

use faultline_model::{About, Cast, ParamField};

use crate::event::{Event, Loss, What};
use crate::{Action, Sentence};

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
    let timer = kind.to_lowercase();
    match event.what {
        What::Delivered => format!("{node} gets {kind} from {peer}{epoch}"),
        What::Queued => format!("{kind} from {peer}{epoch} waits in {node}’s inbox"),
        What::Lost(loss) => {
            let why = match loss {
                Loss::Dropped => "dropped by hand".to_owned(),
                Loss::Chance => "the network lost it".to_owned(),
                Loss::Cut => format!("the link {node}→{peer} is cut"),
                Loss::Down => format!("{peer} is down"),
            };
            format!("{kind} from {node} to {peer}{epoch} is lost: {why}")
        }
        What::Fired => format!("{node}’s {timer} timer fires"),
        What::FireQueued => format!("{node}’s {timer} timer runs out and waits in its inbox"),
        What::Synced => format!("{node}’s write is on disk"),
        What::Invoked => match action {
            Some(Action::Invoke(_, text)) => format!("{node} is asked to {text}"),
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
        _ => String::new(),
    }
}

fn ahead(offset: i64) -> String {
    let size = faultline_model::Span(offset.unsigned_abs());
    match offset {
        0 => "at".to_owned(),
        1.. => format!("{size} ahead of"),
        _ => format!("{size} behind"),
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
