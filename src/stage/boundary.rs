//! The line that a partition draws across the ring, where there is one. Pure.

use faultline_sim::WorldView;

use super::geometry::{Geometry, Point};

/// A dashed curve between two groups, and where its name stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    /// The curve, as path data.
    pub path: String,
    /// Where "partition" is written.
    pub name: Point,
    /// How it is aligned there.
    pub anchor: &'static str,
}

/// The boundary, if the cuts split the servers into two groups that stand side by side on the ring.
pub fn boundary(view: &WorldView, geometry: &Geometry) -> Option<Boundary> {
    let servers: Vec<usize> = (0..view.nodes.len()).filter(|&i| !view.nodes[i].client).collect();
    if servers.len() < 3 || servers.len() > 24 {
        return None;
    }
    let group = groups(view, &servers)?;
    let count = servers.len();
    // Going round, the group changes exactly twice.
    let changes: Vec<usize> = (0..count).filter(|&i| group[i] != group[(i + 1) % count]).collect();
    let [first, second] = changes[..] else {
        return None;
    };
    let end = |gap: usize| {
        let (a, b) = (geometry.place(servers[gap]), geometry.place(servers[(gap + 1) % count]));
        let between = a.toward(b, 0.5);
        let out = Point { x: between.x - geometry.middle.x, y: between.y - geometry.middle.y };
        let length = out.x.hypot(out.y).max(1.0);
        let beyond = geometry.radius * 2.0;
        Point {
            x: (between.x + out.x / length * beyond).clamp(8.0, geometry.width - 8.0),
            y: (between.y + out.y / length * beyond).clamp(8.0, geometry.height - 8.0),
        }
    };
    let (mut top, mut foot) = (end(first), end(second));
    if top.y > foot.y {
        std::mem::swap(&mut top, &mut foot);
    }
    let waist = geometry.middle.toward(top.toward(foot, 0.5), 0.55);
    // A quadratic curve through the waist.
    let bend = Point { x: 2.0 * waist.x - (top.x + foot.x) / 2.0, y: 2.0 * waist.y - (top.y + foot.y) / 2.0 };
    let path =
        format!("M {:.1} {:.1} Q {:.1} {:.1} {:.1} {:.1}", top.x, top.y, bend.x, bend.y, foot.x, foot.y);
    let left = top.x <= geometry.middle.x;
    let name = Point { x: top.x + if left { -8.0 } else { 8.0 }, y: top.y + 5.0 };
    Some(Boundary { path, name, anchor: if left { "end" } else { "start" } })
}

/// Each server's group, 0 or 1; `None` when the cuts do not split them cleanly in two.
fn groups(view: &WorldView, servers: &[usize]) -> Option<Vec<u8>> {
    let count = servers.len();
    let mut cut = vec![vec![false; count]; count];
    let position = |node: usize| servers.iter().position(|&server| server == node);
    for link in view.links.iter().filter(|link| link.cut) {
        let (from, to) = (position(link.from.node.index()), position(link.to.node.index()));
        if let (Some(from), Some(to)) = (from, to) {
            cut[from][to] = true;
        }
    }
    let group: Vec<u8> = (0..count).map(|i| u8::from(cut[0][i])).collect();
    let split = group.contains(&1);
    let clean = (0..count).all(|i| (0..count).all(|j| i == j || cut[i][j] == (group[i] != group[j])));
    (split && clean).then_some(group)
}

#[cfg(test)]
mod tests {
    use faultline_lessons::Layout;
    use faultline_lessons::catalogue;
    use faultline_model::NodeId;
    use faultline_sim::{Action, Scenario};

    use super::*;

    fn after(action: &Action) -> Option<Boundary> {
        let scenario = Scenario { protocol: "raft".into(), nodes: 5, ..Scenario::default() };
        let mut world = catalogue::build(&scenario).unwrap();
        world.apply(action).unwrap();
        let view = world.view();
        let clients: Vec<bool> = view.nodes.iter().map(|node| node.client).collect();
        boundary(&view, &Geometry::arrange(Layout::Ring, &clients, 700.0, 500.0))
    }

    #[test]
    fn a_partition_of_neighbours_has_a_line() {
        let split = |groups: &[&[u16]]| {
            Action::Partition(groups.iter().map(|g| g.iter().map(|&n| NodeId(n)).collect()).collect())
        };
        let found = after(&split(&[&[0, 1, 2], &[3, 4]])).unwrap();
        assert!(found.path.starts_with('M') && !found.path.contains("NaN"));
        assert_eq!(after(&split(&[&[0, 2], &[1, 3, 4]])), None);
        assert_eq!(after(&split(&[&[0], &[1, 2], &[3, 4]])), None);
    }

    #[test]
    fn a_single_cut_has_none() {
        assert_eq!(after(&Action::Cut(NodeId(0), NodeId(1))), None);
    }
}
