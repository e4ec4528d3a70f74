//! The plan of a run: faults set down on the timeline before their time has come.
//!
//! A lane under the timeline has a marker for each, which is dragged along it by pointer or by arrow
//! keys. Beside it: any line of the script language, and random chaos within a budget.

mod axis;
mod desk;
mod lane;
mod marker;

use std::rc::Rc;

use faultline_chunk::chunk;
use faultline_sim::{Plan, PlanError, PlanView, Replaced, Timeline};
use leptos::prelude::*;

use crate::session::{Session, Tone, Trouble, use_session};
use crate::widgets::{Icon, Room, focus_on, room};

use axis::Axis;

/// What the desk under the lane asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// A new entry.
    Add,
    /// Random chaos.
    Chaos,
    /// Another line or time for an entry.
    Edit(u32),
}

/// A change that can be taken back.
#[derive(Clone, Debug)]
struct Done {
    /// The branch that it led to, or on which it was made.
    branch: usize,
    /// The branch that it left, if what it changed had happened already.
    left: Option<usize>,
    /// The plan before.
    before: Plan,
    /// The entry that was moved, if it was a move: several in a row are one.
    moved: Option<u32>,
}

chunk! { rooms: fn show_plan(plan: Planning) -> Room { Rc::new(move || plan.opened()) } }

/// So many changes can be taken back.
const MOST_DONE: usize = 100;

/// The plan of the run on stage, as far as it is drawn and edited.
#[derive(Clone, Copy)]
pub struct Planning {
    session: Session,
    entries: Memo<Vec<PlanView>>,
    axis: Memo<Axis>,
    /// Whether the desk is open.
    open: RwSignal<bool>,
    asked: RwSignal<Option<Asked>>,
    /// The entry that is being dragged, and where to, microseconds.
    dragged: RwSignal<Option<(u32, u64)>>,
    /// The entry that Tab reaches.
    roving: RwSignal<u32>,
    done: RwSignal<Vec<Done>>,
}

impl Planning {
    /// The plan of this page's session.
    pub fn new() -> Planning {
        let session = use_session();
        let entries = Memo::new(move |_| session.view().plan.clone());
        let axis = Memo::new(move |_| {
            let view = session.view();
            let recorded = session.look(|timeline| timeline.events().last().map_or(0, |event| event.at.0));
            let planned = entries.with(|entries| entries.last().map_or(0, |entry| entry.at.0));
            Axis::reaching(recorded.unwrap_or(0).max(view.time.0).max(planned))
        });
        Planning {
            session,
            entries,
            axis,
            open: RwSignal::new(false),
            asked: RwSignal::new(None),
            dragged: RwSignal::new(None),
            roving: RwSignal::new(0),
            done: RwSignal::new(vec![]),
        }
    }

    /// The button that opens the desk. A lesson that narrows the faults has none, unless it plans some.
    pub fn button(self) -> AnyView {
        let offered = Memo::new(move |_| {
            self.session.staging.with(|staging| staging.palette.is_none())
                || self.entries.with(|entries| !entries.is_empty())
        });
        let button = move || {
            view! {
                <button
                    class="btn plan-open"
                    aria-label="Plan"
                    aria-expanded=move || self.open.get().to_string()
                    title="Faults that come at a time"
                    on:click=move |_| self.open.update(|open| *open = !*open)
                >
                    {Icon::Plan.view()}
                    <span class="word">"Plan"</span>
                </button>
            }
            .into_any()
        };
        (move || offered.get().then(button)).into_any()
    }

    /// The lane and, while it is open, the desk.
    pub fn view(self) -> AnyView {
        let shown = Memo::new(move |_| self.open.get() || self.entries.with(|entries| !entries.is_empty()));
        let content = move || room("The plan", move || show_plan(self));
        (move || shown.get().then(content)).into_any()
    }

    fn opened(self) -> AnyView {
        view! {
            <section class="plan" aria-label="Plan">
                {lane::view(self)}
                {move || self.open.get().then(|| desk::view(self))}
            </section>
        }
        .into_any()
    }

    fn entry(self, id: u32) -> Option<PlanView> {
        self.entries.with(|entries| entries.iter().find(|entry| entry.id == id).cloned())
    }

    /// Changes the plan and remembers how it was.
    fn change(
        self,
        moved: Option<u32>,
        change: impl FnOnce(&mut Timeline) -> Result<Replaced, PlanError>,
    ) -> Result<Replaced, Trouble> {
        let replaced = self.session.replan(change)?;
        let (before, left) = (replaced.before.clone(), replaced.left);
        let branch = self.branch();
        self.done.update(|done| {
            let same = |last: &Done| moved.is_some() && last.moved == moved && last.branch == branch;
            if left.is_some() || !done.last().is_some_and(same) {
                done.push(Done { branch, left, before, moved });
            }
            let over = done.len().saturating_sub(MOST_DONE);
            done.drain(..over);
        });
        Ok(replaced)
    }

    /// The same, where only the engine's reason is missing.
    fn attempt(
        self,
        moved: Option<u32>,
        change: impl FnOnce(&mut Timeline) -> Result<Replaced, PlanError>,
    ) -> Option<Replaced> {
        let done = self.change(moved, change);
        done.map_err(|Trouble(why)| self.session.notify(Tone::Warning, why)).ok()
    }

    fn branch(self) -> usize {
        let branches = untrack(|| self.session.branches());
        branches.iter().position(|branch| branch.current).unwrap_or(0)
    }

    /// Takes the last change back. What was changed on another branch stays.
    fn undo(self) {
        let branch = self.branch();
        let last = self.done.try_update(|done| done.pop_if(|last| last.branch == branch)).flatten();
        match last {
            None => self.session.announce("Nothing was changed on this branch."),
            Some(Done { left: Some(left), .. }) => self.session.switch(left),
            Some(Done { before, .. }) => {
                if let Err(Trouble(why)) = self.session.plan_instead(before) {
                    self.session.notify(Tone::Warning, why);
                }
                self.session.announce("The plan is as it was.");
            }
        }
    }

    /// Moves an entry and says so.
    fn shift(self, id: u32, to: u64) {
        let to = faultline_model::Time(to);
        let Some(replaced) = self.attempt(Some(id), |timeline| timeline.plan_move(id, to)) else { return };
        if let Some(entry) = untrack(|| self.entry(id)) {
            let branch = if replaced.left.is_some() { ", on a new branch" } else { "" };
            self.session.announce(format!("{} at {}{branch}", entry.text, entry.at));
        }
    }

    /// Takes an entry out; the focus goes to its neighbour.
    fn remove(self, id: u32) {
        let after = self.beside(id, 1).or_else(|| self.beside(id, -1));
        let Some(entry) = untrack(|| self.entry(id)) else { return };
        if self.attempt(None, |timeline| timeline.plan_remove(id)).is_none() {
            return;
        }
        if self.asked.get_untracked() == Some(Asked::Edit(id)) {
            self.asked.set(None);
        }
        self.session.announce(format!("{} is no longer planned", entry.text));
        request_animation_frame(move || {
            if !after.is_some_and(|id| focus_on(&format!("#plan-{id}"))) {
                focus_on(".plan-open");
            }
        });
    }

    /// The entry before (−1) or after (1) another one in time.
    fn beside(self, id: u32, way: isize) -> Option<u32> {
        self.entries.with_untracked(|entries| {
            let here = entries.iter().position(|entry| entry.id == id)?;
            entries.get(here.checked_add_signed(way)?).map(|entry| entry.id)
        })
    }

    /// Asks for an entry's line and time.
    fn edit(self, id: u32) {
        self.open.set(true);
        self.asked.set(Some(Asked::Edit(id)));
        request_animation_frame(|| {
            focus_on(".plan-desk input");
        });
    }
}
