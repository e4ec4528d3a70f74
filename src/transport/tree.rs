//! The tree of branches under the timeline: where each left its parent, how far it goes, what it is
//! called.

use faultline_sim::BranchView;
use leptos::ev;
use leptos::prelude::*;

use crate::session::{Lower, Session, use_session};
use crate::widgets::{Icon, focus_on};

/// The branch that a branch really left: one that left its parent before the parent began has left the
/// parent's own.
pub fn left(branches: &[BranchView], index: usize) -> Option<usize> {
    let base = branches.get(index)?.base;
    let mut parent = branches[index].parent?;
    while branches[parent].base > base {
        parent = branches[parent].parent?;
    }
    Some(parent)
}

/// One line of the drawing: the ways of a branch, in shares of the longest, and in rows.
fn way(branches: &[BranchView], index: usize) -> String {
    let longest = branches.iter().map(|branch| branch.length).max().unwrap_or(1).max(1);
    let x = |events: u32| 1_000.0 * f64::from(events) / f64::from(longest);
    let (from, to) = (x(branches[index].base), x(branches[index].length));
    let y = index as f64 + 0.5;
    match left(branches, index) {
        Some(parent) => format!("M{from:.1} {:.1}V{y:.1}H{to:.1}", parent as f64 + 0.5),
        None => format!("M{from:.1} {y:.1}H{to:.1}"),
    }
}

/// The branches that lead to the current one, it included.
fn lineage(branches: &[BranchView]) -> Vec<usize> {
    let current = branches.iter().position(|branch| branch.current);
    std::iter::successors(current, |&index| left(branches, index)).collect()
}

/// The tree and what can be done with its current branch; nothing while there is only one.
#[component]
pub fn BranchTree() -> impl IntoView {
    let session = use_session();
    let branches = Memo::new(move |_| {
        session.story();
        untrack(|| session.branches())
    });
    let many = Memo::new(move |_| branches.with(|branches| branches.len() > 1));
    let renaming = RwSignal::new(false);
    view! {
        <div class="branches" class:sr=move || !many.get() class:folded=move || session.folded.get()>
            <ul role="list" aria-label="Branches">
                <For
                    each=move || branches.get()
                    key=|branch| (branch.index, branch.current, branch.length, branch.label.clone())
                    children=move |branch| row(session, branches, branch)
                />
            </ul>
            {move || many.get().then(|| drawing(session, branches))}
            {move || many.get().then(|| tools(session, branches, renaming))}
        </div>
    }
}

fn row(session: Session, branches: Memo<Vec<BranchView>>, branch: BranchView) -> AnyView {
    let BranchView { index, current, length, label, .. } = branch;
    let count = branches.with_untracked(Vec::len);
    view! {
        <li>
            <button
                class="branch"
                aria-current=current.then_some("true")
                title=label.clone()
                tabindex={if count > 1 { "0" } else { "-1" }}
                on:click=move |_| session.switch(index)
            >
                <span class="sr">"Branch "</span>
                <b>{index + 1}</b>
                <span class="sr">{format!(" of {count}, {length} events: ")}</span>
                <span class="branch-label">{label.clone()}</span>
            </button>
        </li>
    }
    .into_any()
}

/// The tree as lines, and where the cursor is.
fn drawing(session: Session, branches: Memo<Vec<BranchView>>) -> AnyView {
    let lines = move || {
        branches.with(|branches| {
            let lineage = lineage(branches);
            let line = |index: usize| {
                let class = if lineage.contains(&index) { "branch-way here" } else { "branch-way" };
                view! { <path class=class d=way(branches, index)/> }
            };
            // What leads to here is drawn over the rest.
            let others = (0..branches.len()).filter(|index| !lineage.contains(index));
            others.chain(lineage.iter().copied()).map(line).collect_view()
        })
    };
    let cursor = move || {
        let longest = branches.with(|branches| branches.iter().map(|branch| branch.length).max());
        1_000.0 * f64::from(session.cursor()) / f64::from(longest.unwrap_or(1).max(1))
    };
    let rows = move || branches.with(Vec::len);
    view! {
        <svg
            class="branch-drawing"
            aria-hidden="true"
            preserveAspectRatio="none"
            viewBox=move || format!("0 0 1000 {}", rows())
            style:--rows=move || rows().to_string()
        >
            {lines}
            <line class="branch-cursor" x1=cursor x2=cursor y1="0" y2=rows/>
        </svg>
    }
    .into_any()
}

/// Rename and compare.
fn tools(session: Session, branches: Memo<Vec<BranchView>>, renaming: RwSignal<bool>) -> AnyView {
    let current = move || branches.with(|branches| branches.iter().find(|branch| branch.current).cloned());
    let compare = move |_| {
        session.compared.set(None);
        session.lower.set(Lower::Compare);
        request_animation_frame(|| {
            focus_on("#lower-3");
        });
    };
    let form = move |branch: BranchView| {
        let index = branch.index;
        let close = move || {
            renaming.set(false);
            request_animation_frame(|| {
                focus_on(".rename-branch");
            });
        };
        let press = move |event: ev::KeyboardEvent| match event.key().as_str() {
            "Enter" => {
                session.rename(index, &event_target_value(&event));
                close();
            }
            "Escape" => close(),
            _ => {}
        };
        view! {
            <input
                class="input branch-name"
                aria-label=format!("Name of branch {}, Enter to keep it", index + 1)
                maxlength=faultline_sim::LONGEST_NAME.to_string()
                prop:value={if branch.named { branch.label } else { String::new() }}
                on:keydown=press
            />
        }
        .into_any()
    };
    let buttons = move || {
        view! {
            <button
                class="chip rename-branch"
                on:click=move |_| {
                    renaming.set(true);
                    request_animation_frame(|| {
                        focus_on(".branch-name");
                    });
                }
            >
                {Icon::Pen.view()}
                "Rename"
            </button>
            <button class="chip" on:click=compare>"Compare"</button>
        }
        .into_any()
    };
    view! {
        <div class="branch-tools">
            {move || match current().filter(|_| renaming.get()) {
                Some(branch) => form(branch),
                None => buttons(),
            }}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(index: usize, parent: Option<usize>, base: u32, length: u32) -> BranchView {
        BranchView { index, parent, base, length, current: index == 2, label: String::new(), named: false }
    }

    /// The first run; one that left it at 40; one that left that at 20, so really the first.
    fn tree() -> Vec<BranchView> {
        vec![branch(0, None, 0, 100), branch(1, Some(0), 40, 80), branch(2, Some(1), 20, 50)]
    }

    #[test]
    fn a_branch_left_where_its_events_part() {
        assert_eq!([0, 1, 2, 9].map(|index| left(&tree(), index)), [None, Some(0), Some(0), None]);
        assert_eq!(lineage(&tree()), [2, 0]);
    }

    #[test]
    fn a_way_comes_down_from_the_branch_that_was_left() {
        assert_eq!(way(&tree(), 0), "M0.0 0.5H1000.0");
        assert_eq!(way(&tree(), 2), "M200.0 0.5V2.5H500.0");
    }
}
