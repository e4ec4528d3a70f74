//! Into which groups the cut links split the system, and what a drawn line makes of them. Pure.

use faultline_model::{NodeId, SortedMap, sort};
use faultline_sim::{LinkView, NodeView};

use super::super::geometry::Point;

/// Every node's group, counted from 0; `None` for a node that reaches more than one.
pub type Standing = Vec<Option<usize>>;

/// The groups of a partition: servers that can still reach each other, if every link between two
/// groups is cut both ways. `None` while there is no such partition.
///
/// `links` are all links of a small system; of a large one those that somebody has changed, and all
/// servers of it are taken to reach each other otherwise.
pub fn standing(nodes: &[NodeView], links: &[LinkView]) -> Option<Standing> {
    let mut cut: SortedMap<(NodeId, NodeId), bool> = SortedMap::new();
    for link in links {
        let (a, b) = (link.from.node, link.to.node);
        let both = cut.entry((a.min(b), a.max(b))).or_insert(true);
        *both &= link.cut;
    }
    if !cut.values().any(|both| *both) {
        return None;
    }
    let client = |node: NodeId| nodes.get(node.index()).is_some_and(|node| node.client);
    // Whom each server cannot reach: servers of one group cannot reach the same ones.
    let mut away: SortedMap<NodeId, Vec<NodeId>> = SortedMap::new();
    for (&(a, b), _) in cut.iter().filter(|&(&(a, b), &both)| both && !client(a) && !client(b)) {
        away.entry(a).or_default().push(b);
        away.entry(b).or_default().push(a);
    }
    let mut numbers: SortedMap<Vec<NodeId>, usize> = SortedMap::new();
    let mut groups: Standing = vec![None; nodes.len()];
    let mut sizes = vec![];
    for node in nodes.iter().filter(|node| !node.client) {
        let mut key = away.remove(&node.node).unwrap_or_default();
        sort(&mut key);
        let next = numbers.len();
        let number = *numbers.entry(key).or_insert(next);
        sizes.resize(sizes.len().max(number + 1), 0);
        sizes[number] += 1;
        groups[node.node.index()] = Some(number);
    }
    let servers: usize = sizes.iter().sum();
    let clean = numbers.iter().all(|(key, &number)| key.len() + sizes[number] == servers);
    if !clean || sizes.len() < 2 {
        return None;
    }
    for node in nodes.iter().filter(|node| node.client) {
        let reached = cut.iter().filter(|(_, both)| !**both).filter_map(|(&(a, b), _)| match node.node {
            client if client == a => groups[b.index()],
            client if client == b => groups[a.index()],
            _ => None,
        });
        let mut reached: Vec<usize> = reached.collect();
        reached.dedup();
        groups[node.node.index()] = (reached.len() == 1).then(|| reached[0]);
    }
    Some(groups)
}

/// The groups once a line has parted every group that it runs through. A client goes with the nearest
/// server on its side.
pub fn divide(
    standing: Option<&Standing>,
    second: &[bool],
    clients: &[bool],
    places: &[Point],
) -> Vec<Vec<NodeId>> {
    let mut groups: SortedMap<(usize, bool), Vec<NodeId>> = SortedMap::new();
    let group_of = |node: usize| standing.and_then(|standing| standing.get(node).copied().flatten());
    let servers: Vec<usize> = (0..clients.len()).filter(|&node| !clients[node]).collect();
    for node in 0..clients.len().min(second.len()) {
        let nearest = || {
            let near = servers.iter().filter(|&&server| second[server] == second[node]);
            near.min_by(|&&a, &&b| {
                places[a].distance(places[node]).total_cmp(&places[b].distance(places[node]))
            })
        };
        let group = match clients[node] {
            true => nearest().and_then(|&server| group_of(server)),
            false => group_of(node),
        };
        groups.entry((group.unwrap_or(0), second[node])).or_default().push(NodeId(node as u16));
    }
    // In the order of their first members, whichever way the line was drawn.
    let mut groups: Vec<Vec<NodeId>> = groups.into_values().collect();
    sort(&mut groups);
    groups
}

/// The groups as the script language writes them: "S1 S2 | S3". Beyond so many names a count follows.
pub fn text(groups: &[Vec<NodeId>], names: &[String], most: usize) -> String {
    let group = |group: &Vec<NodeId>| {
        let named: Vec<&str> =
            group.iter().take(most).filter_map(|node| names.get(node.index()).map(String::as_str)).collect();
        let more = group.len().saturating_sub(most);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        named.join(" ") + &more
    };
    groups.iter().map(group).collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_sim::{Action, AnyWorld, Scenario};

    use super::*;

    fn world(protocol: &str, nodes: u16) -> Box<dyn AnyWorld> {
        let scenario = Scenario { protocol: protocol.into(), nodes, ..Scenario::default() };
        catalogue::build(&scenario).unwrap()
    }

    fn partition(groups: &[&[u16]]) -> Action {
        Action::Partition(groups.iter().map(|g| g.iter().map(|&n| NodeId(n)).collect()).collect())
    }

    fn standing_of(world: &dyn AnyWorld) -> Option<Standing> {
        let view = world.view();
        standing(&view.nodes, &view.links)
    }

    #[test]
    fn a_partition_is_seen_again_whatever_the_number_of_groups() {
        let mut raft = world("raft", 5);
        assert_eq!(standing_of(raft.as_ref()), None);
        // C1 is node 5 and reaches everybody.
        raft.apply(&partition(&[&[0, 1], &[2], &[3, 4]])).unwrap();
        let found = standing_of(raft.as_ref()).unwrap();
        assert_eq!(found[..5], [Some(0), Some(0), Some(1), Some(2), Some(2)]);
        assert_eq!(found[5], None);
        raft.apply(&partition(&[&[0, 1, 5], &[2, 3, 4]])).unwrap();
        assert_eq!(standing_of(raft.as_ref()).unwrap()[5], Some(0));
    }

    #[test]
    fn a_large_system_is_split_too() {
        let mut many = world("last-writer-wins", 60);
        let (a, b): (Vec<u16>, Vec<u16>) = (0..60).partition(|n| n % 3 == 0);
        many.apply(&partition(&[&a, &b])).unwrap();
        let found = standing_of(many.as_ref()).unwrap();
        assert!((0..60).all(|n| found[n] == Some(usize::from(n % 3 != 0))));
    }

    #[test]
    fn single_cuts_are_no_partition() {
        let mut raft = world("raft", 3);
        raft.apply(&Action::Cut(NodeId(0), NodeId(1))).unwrap();
        assert_eq!(standing_of(raft.as_ref()), None);
        raft.apply(&Action::Cut(NodeId(1), NodeId(0))).unwrap();
        assert_eq!(standing_of(raft.as_ref()), None, "both still reach the third");
    }

    #[test]
    fn a_second_line_parts_the_groups_that_it_runs_through() {
        let places: Vec<Point> = (0..5).map(|i| Point { x: f64::from(i) * 100.0, y: 0.0 }).collect();
        let clients = [false, false, false, false, true];
        let once = divide(None, &[false, false, true, true, true], &clients, &places);
        assert_eq!(once, [vec![NodeId(0), NodeId(1)], vec![NodeId(2), NodeId(3), NodeId(4)]]);
        let standing = vec![Some(0), Some(0), Some(1), Some(1), Some(1)];
        let twice = divide(Some(&standing), &[false, false, false, true, true], &clients, &places);
        assert_eq!(twice, [vec![NodeId(0), NodeId(1)], vec![NodeId(2)], vec![NodeId(3), NodeId(4)],]);
        let names: Vec<String> = ["S1", "S2", "S3", "S4", "C1"].map(str::to_owned).into();
        assert_eq!(text(&twice, &names, 8), "S1 S2 | S3 | S4 C1");
        assert_eq!(text(&twice, &names, 1), "S1 and 1 more | S3 | S4 and 1 more");
    }
}
