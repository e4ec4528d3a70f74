//! What can and what cannot be had over an unreliable link.

use faultline_model::{Evidence, Lens, NodeId, Property, Scope, Standing};

use super::{A, Decision, Label, Receiver, Sender, UnreliableLink};

const B: NodeId = NodeId(1);

type View<'a, 'b> = &'a Lens<'b, UnreliableLink>;

pub(super) fn all() -> Vec<Property<UnreliableLink>> {
    vec![
        Property {
            id: "agreement-of-generals",
            sentence: "No general attacks while the other has decided to wait",
            source: "Gray 1978, the generals paradox",
            scope: Scope::Always,
            check: agreement,
        },
        Property {
            id: "decided-once",
            sentence: "No general changes its decision",
            source: "Gray 1978, the generals paradox",
            scope: Scope::Always,
            check: decided_once,
        },
        Property {
            id: "everything-noticed",
            sentence: "When nothing is in flight, A or B knows of every message that did not arrive",
            source: "Saltzer, Reed, Clark 1984, delivery guarantees",
            scope: Scope::Always,
            check: everything_noticed,
        },
        Property {
            id: "gap-noticed",
            sentence: "B sees that a message is missing",
            source: "Saltzer, Reed, Clark 1984, FIFO message delivery",
            scope: Scope::Sometimes,
            check: gap_noticed,
        },
        Property {
            id: "all-arrived",
            sentence: "Every message that A sent has arrived at B",
            source: "Saltzer, Reed, Clark 1984, delivery guarantees",
            scope: Scope::Eventually,
            check: all_arrived,
        },
        Property {
            id: "coordinated-attack",
            sentence: "Both generals attack",
            source: "Gray 1978, the generals paradox",
            scope: Scope::Eventually,
            check: coordinated_attack,
        },
    ]
}

fn broken(why: String, nodes: &[NodeId]) -> Standing {
    Err(Evidence { why, nodes: nodes.to_vec() })
}

/// K5, agreement: over all decisions ever taken, so that a restart cannot hide one.
fn agreement(lens: View<'_, '_>) -> Standing {
    let decided = |node, decision| lens.witness.get(&node).is_some_and(|all| all.contains(&decision));
    for (bold, idle) in [(A, B), (B, A)] {
        if decided(bold, Decision::Attack) && decided(idle, Decision::Wait) {
            let (bold_name, idle_name) = (lens.name(bold), lens.name(idle));
            return broken(
                format!(
                    "{bold_name} attacks and {idle_name} waits: the message that {idle_name}'s rule demands did \
                     not come in time, and nothing tells {bold_name} so."
                ),
                &[bold, idle],
            );
        }
    }
    Ok(())
}

/// K5, integrity.
fn decided_once(lens: View<'_, '_>) -> Standing {
    for (&node, decisions) in lens.witness {
        if let [first, then, ..] = decisions[..] {
            let name = lens.name(node);
            return broken(
                format!("{name} had decided to {} and then decided to {}.", first.word(), then.word()),
                &[node],
            );
        }
    }
    Ok(())
}

fn stream<'a>(lens: View<'_, 'a>) -> Option<(&'a Sender, &'a Receiver)> {
    match ((lens.node)(A).0, (lens.node)(B).0) {
        (UnreliableLink::Sender(sender), UnreliableLink::Receiver(receiver)) => Some((sender, receiver)),
        _ => None,
    }
}

/// Messages of which A sent more than B received. Copies count once: A sent `sent`, not its copies.
fn not_arrived<'a>(sender: &'a Sender, receiver: &'a Receiver) -> impl Iterator<Item = &'a Label> {
    let count = |labels: &[Label], label: &Label| labels.iter().filter(|&one| one == label).count();
    sender.sent.iter().filter(move |label| count(&sender.sent, label) > count(&receiver.received, label))
}

fn everything_noticed(lens: View<'_, '_>) -> Standing {
    let Some((sender, receiver)) = stream(lens).filter(|_| lens.quiet) else {
        return Ok(());
    };
    let noticed = |label: &Label| {
        sender.unacknowledged.contains_key(label)
            || sender.repeating.contains_key(label)
            || label.number.is_some_and(|number| receiver.missing.contains(&number))
    };
    match not_arrived(sender, receiver).find(|label| !noticed(label)) {
        None => Ok(()),
        Some(label) => broken(
            format!(
                "{} sent {label}, it will never arrive, and neither {} nor {} can know: {} holds {}.",
                lens.name(A),
                lens.name(A),
                lens.name(B),
                lens.name(B),
                listed(&receiver.received),
            ),
            &[A, B],
        ),
    }
}

fn gap_noticed(lens: View<'_, '_>) -> Standing {
    let b = lens.name(B);
    match stream(lens) {
        None => broken(format!("{b} is a general and receives no stream."), &[B]),
        Some((_, receiver)) if !receiver.missing.is_empty() => Ok(()),
        Some((_, receiver)) if receiver.highest == 0 => {
            broken(format!("No message with a number has arrived at {b}: it has no way to see a gap."), &[B])
        }
        Some((_, receiver)) => broken(
            format!(
                "{b} has every number up to {}; whether {} exists it cannot know.",
                receiver.highest,
                receiver.highest + 1
            ),
            &[B],
        ),
    }
}

fn all_arrived(lens: View<'_, '_>) -> Standing {
    let Some((sender, receiver)) = stream(lens) else {
        return broken(format!("{} is a general and sends no stream.", lens.name(A)), &[A]);
    };
    if sender.planned < lens.params.messages {
        return broken(
            format!("{} has sent {} of {} messages.", lens.name(A), sender.planned, lens.params.messages),
            &[A],
        );
    }
    match not_arrived(sender, receiver).next() {
        None => Ok(()),
        Some(label) => broken(format!("{label} has not arrived at {}.", lens.name(B)), &[B]),
    }
}

fn coordinated_attack(lens: View<'_, '_>) -> Standing {
    let undecided = [A, B].into_iter().find(|&node| {
        !matches!((lens.node)(node).0, UnreliableLink::General(general) if general.decided == Some(Decision::Attack))
    });
    match undecided {
        None => Ok(()),
        Some(node) => broken(format!("{} has not decided to attack.", lens.name(node)), &[node]),
    }
}

fn listed(labels: &[Label]) -> String {
    if labels.is_empty() {
        return "nothing".to_owned();
    }
    labels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
