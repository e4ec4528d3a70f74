//! What can be done to a node.

use faultline_lessons::Verb;
use faultline_sim::{Action, Disk, NodeView, Status};

use super::super::form::Form;
use super::{Deed, Entry, Scene, joined};
use crate::widgets::Icon;

/// The items of a node's menu.
pub fn items(view: &NodeView, scene: Scene<'_>) -> Vec<Entry> {
    let node = view.node;
    let crash = scene.offers(Verb::Crash) || scene.offers(Verb::Restart);
    match view.status {
        Status::Left => return vec![],
        Status::Down => {
            let restart = |disk| Action::Restart(node, disk);
            let mut all = vec![];
            if crash {
                all.push(Entry::act("Restart", Icon::Restart, restart(Disk::Kept)).with_key("C"));
                all.push(Entry::act("Restart with empty disk", Icon::Restart, restart(Disk::Empty)));
            }
            let mut more = vec![];
            more.extend(possible(
                "Corrupt a record",
                Icon::Drop,
                Action::Corrupt(node),
                Verb::Corrupt,
                scene,
            ));
            more.extend(possible("Remove", Icon::Close, Action::Remove(node), Verb::Remove, scene));
            return joined(all, more);
        }
        Status::Up | Status::Busy | Status::Paused => {}
    }
    let mut all = operations(view, scene);
    if crash {
        all.push(Entry::act("Crash", Icon::Crash, Action::Crash(node)).with_key("C"));
    }
    if scene.offers(Verb::Pause) {
        all.push(match view.status {
            Status::Paused => Entry::act("Resume", Icon::Play, Action::Resume(node)),
            _ => Entry::act("Pause", Icon::Pause, Action::Pause(node)),
        });
    }
    if scene.offers(Verb::Skew) || scene.offers(Verb::Drift) {
        all.push(Entry::ask("Set clock…", Icon::Clock, Form::Clock(node)));
    }
    if scene.offers(Verb::Slow) {
        all.push(Entry::ask("Slow down…", Icon::Slow, Form::Slow(node)));
    }
    let mut more = vec![];
    more.extend(group("Clock", Icon::Clock, clock(view, scene)));
    more.extend(group("Disk", Icon::Disk, disk(view, scene)));
    if scene.offers(Verb::Lie) && !view.lies.is_empty() {
        more.push(match view.lying {
            Some(_) => Entry::act("Stop lying", Icon::Heal, Action::Honest(node)),
            None => Entry::ask("Lie…", Icon::Mask, Form::Lie(node)),
        });
    }
    more.extend(possible("Remove", Icon::Close, Action::Remove(node), Verb::Remove, scene));
    joined(all, more)
}

/// An item for each form of operation that the node takes.
fn operations(view: &NodeView, scene: Scene<'_>) -> Vec<Entry> {
    let forms = scene.world.map(|world| world.forms(view.node)).unwrap_or_default();
    let entry = |form: faultline_model::OpForm| {
        let word = form.example.split_whitespace().next().unwrap_or("ask");
        let mut label: String = word.chars().take(1).flat_map(char::to_uppercase).collect();
        label.extend(word.chars().skip(1));
        Entry::ask(&format!("{label}…"), Icon::Pen, Form::Invoke(view.node, vec![form]))
    };
    forms.into_iter().map(entry).collect()
}

fn clock(view: &NodeView, scene: Scene<'_>) -> Vec<Entry> {
    let node = view.node;
    let mut all = vec![];
    if scene.offers(Verb::Jump) {
        all.push(Entry::ask("Jump clock…", Icon::Forward, Form::Jump(node)));
    }
    let runs = |status| matches!(status, Status::Up | Status::Busy);
    let reference = scene.view.nodes.iter().any(|other| other.node != node && runs(other.status));
    if scene.offers(Verb::SyncClock) && reference && runs(view.status) {
        all.push(Entry::ask("Synchronise clock…", Icon::Clock, Form::SyncClock(node)));
    }
    all
}

/// What can be done to its disk, and the crash that is milder to it than most.
fn disk(view: &NodeView, scene: Scene<'_>) -> Vec<Entry> {
    let node = view.node;
    let mut all = vec![];
    if view.client {
        return all;
    }
    if scene.offers(Verb::Crash) {
        all.push(Entry::act("Crash, keep unsynced writes", Icon::Crash, Action::Kill(node)));
    }
    if scene.offers(Verb::Disk) {
        all.push(Entry::ask("Disk latency…", Icon::Delay, Form::DiskLatency(node)));
        // A disk that writes in no time cannot be slower.
        if scene.can(&Action::DiskSlow(node, 200)) {
            all.push(Entry::ask("Slow the disk…", Icon::Slow, Form::DiskSlow(node)));
        }
        let label = if view.disk_full { "Free the disk" } else { "Fill the disk" };
        all.push(Entry::act(label, Icon::Disk, Action::DiskFull(node, !view.disk_full)));
    }
    all.extend(possible("Corrupt a record", Icon::Drop, Action::Corrupt(node), Verb::Corrupt, scene));
    all
}

/// An item that leads to others; one alone needs no second level, and none no item.
fn group(label: &str, icon: Icon, mut items: Vec<Entry>) -> Option<Entry> {
    match items.len() {
        0 | 1 => items.pop(),
        _ => Some(Entry::new(label, icon, Deed::Open(items))),
    }
}

/// An item for something that only the protocol knows to be possible.
fn possible(label: &str, icon: Icon, action: Action, verb: Verb, scene: Scene<'_>) -> Option<Entry> {
    (scene.offers(verb) && scene.can(&action)).then(|| Entry::act(label, icon, action))
}
