//! Who stands where: servers by their layout, clients beside them, groups in tiers and regions.

use faultline_lessons::{Layout, Region};
use faultline_model::{SortedMap, sort};

use super::area::{self, Area, Filled};
use super::{Decor, Geometry, Players, WORDS_FROM};
use super::{guests, overlay, regions, ring};

/// How far a message's way lies beside the line between two nodes of that radius.
fn aside(radius: f64, servers: usize) -> f64 {
    match radius {
        r if r < WORDS_FROM => 1.5,
        _ if servers == 2 => 12.0,
        _ => 5.0,
    }
}

/// Servers as the layout has it, clients beside them.
pub fn beside_guests(
    layout: &Layout,
    players: &Players,
    edges: &[(usize, usize)],
    width: f64,
    height: f64,
) -> Geometry {
    let servers = players.servers();
    let count = servers.len();
    let guests = guests::seat(players.len() - count, count, width, height);
    let room = guests.room;
    let mut decor = vec![];
    let (filled, middle, outward) = match layout {
        Layout::Chain => (area::chain(room, count), room.middle(), false),
        Layout::Grid => (area::grid(room, count), room.middle(), false),
        Layout::Star => {
            let (filled, orbit) = ring::star(room, count);
            (filled, orbit.middle, true)
        }
        Layout::HashRing => {
            let names: Vec<&str> = servers.iter().map(|&node| &*players.names[node]).collect();
            let (filled, orbit) = ring::hash_ring(room, &names);
            decor.push(Decor::Circle { middle: orbit.middle, across: orbit.across, down: orbit.down });
            (filled, orbit.middle, true)
        }
        Layout::Overlay => {
            let number: SortedMap<usize, usize> =
                servers.iter().enumerate().map(|(number, &node)| (node, number)).collect();
            let among = |&(a, b): &(usize, usize)| Some((*number.get(&a)?, *number.get(&b)?));
            let edges: Vec<(usize, usize)> = edges.iter().filter_map(among).collect();
            (overlay::overlay(room, count, &edges), room.middle(), false)
        }
        _ => {
            let (filled, orbit) = ring::ring(room, count);
            (filled, orbit.middle, true)
        }
    };
    let radius = filled.radius.min(guests.filled.radius);
    let (mut server, mut guest) = (filled.places.into_iter(), guests.filled.places.into_iter());
    let next = |&client: &bool| if client { guest.next() } else { server.next() }.unwrap_or(middle);
    let places = players.clients.iter().map(next).collect();
    let ringed = outward && *layout != Layout::Star && *layout != Layout::HashRing;
    Geometry { width, height, places, radius, middle, decor, outward, ringed, aside: aside(radius, count) }
}

/// Groups of nodes by name, and the places of all nodes when the groups have theirs in that order.
/// Nodes that no group names follow in a last one.
fn grouped(groups: &[&[String]], players: &Players) -> Vec<Vec<usize>> {
    let mut number: SortedMap<&str, usize> =
        players.names.iter().enumerate().map(|(node, name)| (name.as_str(), node)).collect();
    let mut all: Vec<Vec<usize>> = groups
        .iter()
        .map(|group| group.iter().filter_map(|name| number.remove(name.as_str())).collect())
        .collect();
    let mut rest: Vec<usize> = number.into_values().collect();
    sort(&mut rest);
    all.push(rest);
    all.retain(|group: &Vec<usize>| !group.is_empty());
    all
}

fn spread(filled: Filled, groups: &[Vec<usize>], whole: Area, decor: Vec<Decor>) -> Geometry {
    let mut places = vec![whole.middle(); groups.iter().map(Vec::len).sum()];
    for (&node, place) in groups.iter().flatten().zip(filled.places) {
        places[node] = place;
    }
    Geometry {
        width: whole.width,
        height: whole.height,
        places,
        radius: filled.radius,
        middle: whole.middle(),
        decor,
        outward: false,
        ringed: false,
        aside: aside(filled.radius, groups.len()),
    }
}

/// Groups in rows, top to bottom.
pub fn in_tiers(tiers: &[Vec<String>], players: &Players, width: f64, height: f64) -> Geometry {
    let of_kind = |client: bool| -> Vec<String> {
        let nodes = (0..players.len()).filter(|&node| players.clients[node] == client);
        nodes.map(|node| players.names[node].clone()).collect()
    };
    let usual = [of_kind(true), of_kind(false)];
    let tiers = if tiers.is_empty() { &usual[..] } else { tiers };
    let groups = grouped(&tiers.iter().map(Vec::as_slice).collect::<Vec<_>>(), players);
    let whole = Area { left: 0.0, top: 0.0, width, height };
    let counts: Vec<usize> = groups.iter().map(Vec::len).collect();
    spread(area::tiers(whole, &counts), &groups, whole, vec![])
}

/// Groups as regions of a map.
pub fn in_regions(named: &[Region], players: &Players, width: f64, height: f64) -> Geometry {
    let servers: Vec<String> =
        players.servers().into_iter().map(|node| players.names[node].clone()).collect();
    let usual = if named.is_empty() { regions::dealt(&servers) } else { vec![] };
    let named = if named.is_empty() { &usual } else { named };
    let groups = grouped(&named.iter().map(|region| &*region.nodes).collect::<Vec<_>>(), players);
    // Whom no region names is a client, or a node of a step with another cast: they stand aside.
    let names = |nodes: &[usize]| nodes.iter().map(|&node| players.names[node].clone()).collect();
    let mut map: Vec<Region> = vec![];
    for group in &groups {
        let of = named.iter().find(|region| region.nodes.contains(&players.names[group[0]]));
        let (name, at) = of.map_or(("Outside".to_owned(), Some([0, 50])), |it| (it.name.clone(), it.at));
        map.push(Region { name, nodes: names(group), at });
    }
    let whole = Area { left: 0.0, top: 0.0, width, height };
    let (filled, decor) = regions::regions(whole.inset(6.0), &map);
    spread(filled, &groups, whole, decor)
}
