//! What every layout promises: nobody stands on anybody, and everybody on the stage.

use faultline_lessons::Region;

use super::*;

fn cast(servers: usize, clients: usize) -> Players {
    let named = |letter, count| (1..=count).map(move |number| format!("{letter}{number}"));
    let names = named('S', servers).chain(named('C', clients)).collect();
    let mut kinds = vec![false; servers];
    kinds.extend(vec![true; clients]);
    Players { names, clients: kinds }
}

/// A ring of talkers with a few chords.
fn talk(servers: usize) -> Vec<(usize, usize)> {
    let around = (0..servers).map(|a| (a, (a + 1) % servers));
    around.chain((0..servers / 5).map(|a| (a, (a * 3 + 7) % servers))).filter(|(a, b)| a != b).collect()
}

fn arranged(layout: &Layout, players: &Players, width: f64, height: f64) -> Geometry {
    let servers = players.clients.iter().filter(|client| !**client).count();
    Geometry::arrange(layout, players, &talk(servers), width, height)
}

fn expect_apart(it: &Geometry, what: &str) {
    let r = it.radius;
    for (i, a) in it.places.iter().enumerate() {
        assert!(a.x >= r && a.x <= it.width - r, "{what}: node {i} at {a:?}");
        assert!(a.y >= r && a.y <= it.height - r, "{what}: node {i} at {a:?}");
        for b in &it.places[..i] {
            assert!(a.distance(*b) > 2.0 * r, "{what}: {a:?} touches {b:?}, r {r}");
        }
    }
}

#[test]
fn all_nodes_stand_on_the_stage_and_apart() {
    for layout in Layout::all() {
        for (width, height) in [(784.0, 500.0), (390.0, 560.0), (340.0, 420.0), (700.0, 300.0)] {
            for servers in [1, 2, 3, 4, 5, 7, 9, 12, 25, 60] {
                for clients in [0, 1, 2, 3] {
                    let it = arranged(&layout, &cast(servers, clients), width, height);
                    expect_apart(&it, &format!("{} {servers}+{clients} on {width}x{height}", layout.word()));
                }
            }
        }
    }
}

#[test]
fn a_thousand_nodes_stand_apart_too() {
    for layout in Layout::all() {
        for (width, height) in [(784.0, 500.0), (390.0, 560.0)] {
            for (servers, clients) in [(200, 0), (200, 200), (500, 20), (1_000, 0)] {
                let it = arranged(&layout, &cast(servers, clients), width, height);
                expect_apart(&it, &format!("{} {servers}+{clients} on {width}x{height}", layout.word()));
            }
        }
    }
}

#[test]
fn a_new_node_keeps_the_order_of_the_others() {
    // The chain and the grid read like lines of text.
    for layout in [Layout::Chain, Layout::Grid, Layout::Tiers(vec![])] {
        for servers in [3, 5, 8] {
            let before = arranged(&layout, &cast(servers, 0), 784.0, 500.0);
            let after = arranged(&layout, &cast(servers + 1, 0), 784.0, 500.0);
            let row = |it: &Geometry, node: usize| {
                it.places[..servers].iter().filter(|place| place.x < it.places[node].x - 1.0).count()
            };
            let one_row = |it: &Geometry| (1..servers).all(|i| it.places[i].x > it.places[i - 1].x);
            if one_row(&before) && one_row(&after) {
                for node in 0..servers {
                    assert_eq!(row(&before, node), row(&after, node), "{} {servers}", layout.word());
                }
            }
        }
    }
    // A node at a place of its own stays there to the pixel.
    let spots = |count: u16| {
        let spot = |i: u16| Spot { node: format!("S{}", i + 1), x: 80 * (i + 1), y: 500 };
        Layout::Free((0..count).map(spot).collect())
    };
    let (five, six) =
        (arranged(&spots(5), &cast(5, 0), 784.0, 500.0), arranged(&spots(6), &cast(6, 0), 784.0, 500.0));
    assert_eq!(five.places, six.places[..5]);
}

#[test]
fn five_servers_have_room_for_their_words() {
    for layout in Layout::all() {
        let it = arranged(&layout, &cast(5, 1), 784.0, 520.0);
        // Regions need room for themselves, and names may hash to places that are close.
        let close = matches!(layout, Layout::Regions(_) | Layout::HashRing);
        let least = if close { WORDS_FROM } else { ROLE_FROM };
        assert!(it.radius >= least, "{}: {}", layout.word(), it.radius);
        assert!(it.places.iter().all(|p| p.y + it.radius + 40.0 <= 520.0), "{}", layout.word());
    }
}

#[test]
fn a_message_and_its_answer_travel_apart() {
    let it = arranged(&Layout::Pair, &cast(2, 0), 700.0, 420.0);
    let (there, back) = (it.lane(0, 1), it.lane(1, 0));
    assert!((there.at(0.5).y - back.at(0.5).y).abs() > 20.0);
    assert!(there.length() > 100.0 && there.from.x < there.to.x);
}

#[test]
fn in_a_chain_no_link_runs_through_a_third_node() {
    let it = arranged(&Layout::Chain, &cast(5, 0), 784.0, 500.0);
    let (a, b, c) = (it.places[0], it.places[1], it.places[2]);
    let share = (b.x - a.x) / (c.x - a.x);
    assert!((a.toward(c, share).y - b.y).abs() > 8.0);
    assert!(it.places.windows(2).all(|pair| pair[0].x < pair[1].x));
}

#[test]
fn named_tiers_and_regions_hold_their_nodes() {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let players = cast(4, 1);
    let tiers = Layout::Tiers(vec![names(&["S2"]), names(&["S1", "S3", "S4"]), names(&["C1"])]);
    let it = arranged(&tiers, &players, 784.0, 500.0);
    assert!(it.places[1].y < it.places[0].y && it.places[0].y == it.places[2].y);
    assert!(it.places[4].y > it.places[3].y);

    let region = |name: &str, nodes: &[&str]| Region { name: name.into(), nodes: names(nodes), at: None };
    let map = Layout::Regions(vec![region("Asia", &["S1", "S2"]), region("Europe", &["S3", "S4"])]);
    let it = arranged(&map, &players, 784.0, 500.0);
    let area_of = |wanted: &str| {
        it.decor.iter().find_map(|decor| match decor {
            Decor::Region { area, name } if name == wanted => Some(*area),
            _ => None,
        })
    };
    let holds = |area: Area, p: Point| {
        (area.left..area.left + area.width).contains(&p.x)
            && (area.top..area.top + area.height).contains(&p.y)
    };
    for (name, nodes) in [("Asia", [0, 1]), ("Europe", [2, 3])] {
        let area = area_of(name).unwrap();
        assert!(nodes.iter().all(|&node| holds(area, it.places[node])), "{name}");
    }
    assert!(holds(area_of("Outside").unwrap(), it.places[4]), "whom no region names");
}

#[test]
fn a_place_of_ones_own_is_found_again() {
    let players = cast(3, 0);
    let it = arranged(&Layout::Free(vec![]), &players, 784.0, 500.0);
    let at = Point { x: 300.0, y: 200.0 };
    let moved = arranged(&Layout::Free(vec![it.spot("S2", at)]), &players, 784.0, 500.0);
    assert!(moved.places[1].distance(at) < 1.0);
    assert_eq!(moved.places[0], it.places[0]);
    let outside = it.spot("S2", Point { x: -50.0, y: 9_999.0 });
    assert_eq!((outside.x, outside.y), (0, 1_000));
}

#[test]
fn a_halo_does_not_cross_the_words_beneath() {
    // Capitals of 13 px rise so far above their line, and the halo is drawn 2 px wide.
    let (rise, half_a_stroke) = (9.5, 1.0);
    for count in [2, 5, 9] {
        let it = arranged(&Layout::Ring, &cast(count, 0), 784.0, 500.0);
        assert!(it.radius >= WORDS_FROM, "{count} nodes have words beneath");
        let (label, _) = it.label(0);
        assert!(label.y - rise > it.place(0).y + it.radius + HALO + half_a_stroke, "{count} nodes");
    }
}

#[test]
fn labels_have_the_room_up_to_the_next_node_and_stay_on_the_stage() {
    let at = |x: f64, y: f64| Point { x, y };
    let places = vec![at(20.0, 100.0), at(200.0, 110.0), at(100.0, 300.0)];
    let it = Geometry { width: 400.0, height: 400.0, places, ..Geometry::default() };
    assert_eq!(it.label_room(0), 172.0);
    assert_eq!(it.label_room(2), 392.0, "nobody stands beside it");
    let places = vec![at(195.0, 305.0), at(95.0, 385.0), at(295.0, 385.0), at(195.0, 145.0)];
    let between = Geometry { radius: 34.0, places, ..it.clone() };
    assert_eq!(between.label_room(0), 112.0, "its two lines stand between two nodes");
    assert_eq!(between.label_room(3), 392.0, "nobody stands in the way");
    assert_eq!(it.kept_in(20.0, 100.0), 54.0);
    assert_eq!(it.kept_in(200.0, 100.0), 200.0);
    assert_eq!(it.kept_in(390.0, 100.0), 346.0);
    assert_eq!(it.kept_in(390.0, 900.0), 200.0);
}
