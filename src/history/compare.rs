//! Two branches side by side: the sentence that says where they part, both on one clock, and what
//! became of each in the end.

use std::sync::Arc;

use faultline_model::sort_by_key;
use faultline_sim::{BranchView, Comparison, NodeView, Timeline, VerdictView};
use leptos::prelude::*;

use super::plots::{Sides, plots};
use crate::session::{Session, use_session};
use crate::spacetime::Story;
use crate::transport::left;

/// What is told of two branches.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    comparison: Comparison,
    /// Each row: what is compared, its state in A and in B, and whether they differ.
    rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    label: String,
    sides: [String; 2],
    bad: [bool; 2],
}

/// The panel.
#[component]
pub fn Compare() -> impl IntoView {
    let session = use_session();
    let branches = Memo::new(move |_| {
        session.story();
        untrack(|| session.branches())
    });
    let pair = Memo::new(move |_| branches.with(|branches| pair(branches, session.compared.get())));
    let told = Memo::new(move |_| {
        session.story();
        let (a, b) = pair.get()?;
        untrack(|| session.look(|timeline| tell(timeline, a, b)))
    });
    let story = Story::of(session);
    let sides = move || {
        let (told, pair) = (told.get()?, pair.get()?);
        let of = |timeline: &Timeline| {
            story.with(|story| Arc::new(Sides::of(timeline, story, pair, &told.comparison)))
        };
        untrack(|| session.look(of))
    };
    move || {
        match pair.get() {
        None => view! {
            <p class="nothing">
                "There is one branch so far. Go back and do something else, or press F: another begins there, and the two can be compared."
            </p>
        }
        .into_any(),
        Some(_) => view! {
            <div class="compare">
                <div class="history-bar">
                    {chooser(session, branches, pair, "A", 0)}
                    {chooser(session, branches, pair, "B", 1)}
                    <p class="history-told" role="status">{move || told.get().map(|told| told.comparison.sentence)}</p>
                </div>
                <div class="compare-body">
                    {move || sides().map(|sides| plots(session, sides))}
                    {move || told.get().map(table)}
                </div>
            </div>
        }
        .into_any(),
    }
    }
}

/// Which two are compared: the chosen ones, else the current one with the one that it left, or, when it
/// left none, with the last that left it.
fn pair(branches: &[BranchView], chosen: Option<(usize, usize)>) -> Option<(usize, usize)> {
    let count = branches.len();
    if count < 2 {
        return None;
    }
    if let Some((a, b)) = chosen.filter(|&(a, b)| a < count && b < count) {
        return Some((a, b));
    }
    let current = branches.iter().find(|branch| branch.current)?;
    let other = left(branches, current.index).unwrap_or(count - 1);
    Some((other, current.index))
}

/// Which branch is A, or B.
fn chooser(
    session: Session,
    branches: Memo<Vec<BranchView>>,
    pair: Memo<Option<(usize, usize)>>,
    word: &'static str,
    side: usize,
) -> AnyView {
    let here = move || pair.get().map(|(a, b)| [a, b][side]);
    let option = move |branch: BranchView| {
        let index = branch.index;
        view! {
            <option value=index selected=move || here() == Some(index)>
                {format!("{} · {}", index + 1, branch.label)}
            </option>
        }
    };
    let choose = move |event: web_sys::Event| {
        let (Ok(index), Some((a, b))) = (event_target_value(&event).parse(), pair.get_untracked()) else {
            return;
        };
        session.compared.set(Some(if side == 0 { (index, b) } else { (a, index) }));
    };
    view! {
        <label class="compare-side">
            <b>{word}</b>
            <select class="select" aria-label=format!("Branch {word}") on:change=choose>
                {move || branches.get().into_iter().map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}

fn tell(timeline: &Timeline, a: usize, b: usize) -> Told {
    let comparison = timeline.compare(a, b);
    let ends = [a, b].map(|index| timeline.world_on(index, u32::MAX).view());
    let [of_a, of_b] = &ends;
    let mut rows = vec![Row {
        label: "length".to_owned(),
        sides: ends
            .each_ref()
            .map(|end| format!("{} events, {}", end.event, crate::inspector::moment(end.time))),
        bad: [false; 2],
    }];
    let verdicts = of_a.verdicts.iter().filter_map(|a| {
        let b = of_b.verdicts.iter().find(|b| b.property == a.property)?;
        let sides = [a, b];
        Some(Row {
            label: a.sentence.clone(),
            sides: sides.map(standing),
            bad: sides.map(VerdictView::broken),
        })
    });
    rows.extend(verdicts);
    // A node that joined or left on one side only is there on that side only.
    let most = of_a.nodes.len().max(of_b.nodes.len());
    let nodes = (0..most).map(|node| {
        let sides = ends.each_ref().map(|end| end.nodes.get(node));
        let label = sides.into_iter().flatten().next().map(|node| node.id.clone()).unwrap_or_default();
        Row { label, sides: sides.map(|node| node.map(glance).unwrap_or_default()), bad: [false; 2] }
    });
    rows.extend(nodes);
    // What differs comes first.
    sort_by_key(&mut rows, |row| row.sides[0] == row.sides[1]);
    Told { comparison, rows }
}

/// "holds", "violated: why", "reached", "not yet".
fn standing(verdict: &VerdictView) -> String {
    match (verdict.scope, verdict.holds) {
        ("always", true) => "✓ holds".to_owned(),
        ("always", false) => format!("✕ violated: {}", verdict.why),
        (_, true) => "✓ reached".to_owned(),
        (_, false) => "not yet".to_owned(),
    }
}

/// A node in a few words.
fn glance(node: &NodeView) -> String {
    let epoch = node.epoch.map(|epoch| format!(", {} {epoch}", node.epoch_name)).unwrap_or_default();
    let cells = node.cells.iter().map(|cell| format!(", {} {}", cell.label, cell.text)).collect::<String>();
    let down = if node.status == faultline_sim::Status::Down { ", crashed" } else { "" };
    format!("{}{down}{epoch}{cells}", node.role)
}

/// Both ends side by side, what differs marked.
fn table(told: Told) -> AnyView {
    let row = |row: Row| {
        let differs = row.sides[0] != row.sides[1];
        let [a, b] = row.sides;
        let [bad_a, bad_b] = row.bad;
        view! {
            <tr class:differs=differs>
                <th scope="row">{row.label}</th>
                <td class:bad=bad_a>{a}</td>
                <td class:bad=bad_b>{b}</td>
            </tr>
        }
    };
    view! {
        <table class="ends">
            <caption>"In the end"</caption>
            <thead><tr><td></td><th scope="col">"A"</th><th scope="col">"B"</th></tr></thead>
            <tbody>{told.rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(index: usize, parent: Option<usize>, current: bool) -> BranchView {
        BranchView { index, parent, base: 0, length: 9, current, label: String::new(), named: false }
    }

    #[test]
    fn without_a_choice_a_branch_is_compared_with_the_one_it_left() {
        let three = |current: usize| {
            let parents = [None, Some(0), Some(1)];
            (0..3).map(|index| branch(index, parents[index], index == current)).collect::<Vec<_>>()
        };
        assert_eq!(pair(&three(2), None), Some((1, 2)));
        assert_eq!(pair(&three(1), None), Some((0, 1)));
        assert_eq!(pair(&three(0), None), Some((2, 0)));
        assert_eq!(pair(&three(0), Some((2, 1))), Some((2, 1)));
        assert_eq!(pair(&three(0), Some((2, 7))), Some((2, 0)), "a branch of another run");
        assert_eq!(pair(&three(0)[..1], None), None);
    }
}
