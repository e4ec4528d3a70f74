use std::collections::{BTreeMap, BTreeSet};

use faultline_model::{Cast, NodeId, Offset, Span, Time};
use serde::Serialize;

use super::*;

fn cast() -> Cast {
    Cast::servers_and_clients(5, 1)
}

#[derive(Clone, Serialize)]
struct Entry {
    term: u64,
    command: Command,
}

#[derive(Clone, Serialize)]
enum Command {
    Noop,
    #[serde(untagged)]
    Write(String),
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Server {
    current_term: u64,
    voted_for: Option<NodeId>,
    votes: BTreeSet<NodeId>,
    log: Vec<Entry>,
    next_index: BTreeMap<NodeId, u64>,
    since: Time,
    lease: Option<Lease>,
}

#[derive(Clone, Serialize)]
struct Lease {
    holder: NodeId,
    length: Span,
}

#[derive(Clone, Serialize)]
enum Node {
    Server(Server),
    Candidate(Server),
}

fn server() -> Server {
    let entry = |term, text: &str| Entry { term, command: Command::Write(text.to_owned()) };
    Server {
        current_term: 3,
        voted_for: Some(NodeId(1)),
        votes: BTreeSet::from([NodeId(1), NodeId(2)]),
        log: vec![entry(1, "x=1"), entry(2, "y=4")],
        next_index: BTreeMap::from([(NodeId(0), 3), (NodeId(2), 3)]),
        since: Time(150_000),
        lease: Some(Lease { holder: NodeId(0), length: Span::secs(3) }),
    }
}

fn written(rows: &[Row]) -> Vec<String> {
    let value = |row: &Row| {
        let pieces = row.pieces.iter();
        pieces.map(|p| if p.lit { format!("<{}>", p.text) } else { p.text.clone() }).collect::<String>()
    };
    rows.iter()
        .map(|row| format!("{}{} {}", row.label, if row.changed { "*" } else { "" }, value(row)))
        .collect()
}

#[test]
fn a_state_is_written_as_in_the_paper() {
    let tree = Tree::of(&Node::Server(server()));
    assert_eq!(
        written(&rows(None, &tree, &cast())),
        [
            "currentTerm 3",
            "votedFor S2",
            "votes {S2, S3}",
            "log [1:x=1 2:y=4]",
            "nextIndex S1 3 · S3 3",
            "since 150ms",
            "lease Lease(holder S1, length 3s)",
        ]
    );
}

#[test]
fn only_what_changed_is_lit() {
    let before = Tree::of(&Node::Server(server()));
    let mut server = server();
    server.voted_for = None;
    server.votes.insert(NodeId(0));
    server.log.push(Entry { term: 3, command: Command::Noop });
    server.next_index.insert(NodeId(2), 4);
    server.next_index.insert(NodeId(4), 1);
    server.lease = Some(Lease { holder: NodeId(3), length: Span::secs(3) });
    let now = Tree::of(&Node::Server(server));
    assert_eq!(
        written(&rows(Some(&before), &now, &cast())),
        [
            "currentTerm 3",
            "votedFor* <none>",
            "votes* {<S1>, S2, S3}",
            "log* [1:x=1 2:y=4 <3:Noop>]",
            "nextIndex* S1 3 · <S3 4> · <S5 1>",
            "since 150ms",
            "lease* Lease(holder <S4>, length 3s)",
        ]
    );
}

#[test]
fn a_removal_lights_nothing_but_marks_its_row() {
    let before = Tree::of(&server());
    let mut after = server();
    after.votes.remove(&NodeId(1));
    after.log.truncate(1);
    after.next_index.clear();
    let rows = written(&rows(Some(&before), &Tree::of(&after), &cast()));
    assert_eq!(rows[2..5], ["votes* {S3}", "log* [1:x=1]", "nextIndex* {}"]);
}

#[test]
fn records_with_many_fields_have_a_line_each_and_their_names() {
    #[derive(Serialize)]
    struct Peer {
        last: Time,
        heard: u32,
        mean: Span,
        suspected: bool,
    }
    #[derive(Serialize)]
    struct Monitor {
        peers: BTreeMap<NodeId, Peer>,
        gone: Vec<Peer>,
    }
    let monitor = |heard: u32| {
        let peer = |heard| Peer { last: Time(7_000_000), heard, mean: Span::secs(1), suspected: false };
        let peers = [(NodeId(0), peer(1)), (NodeId(1), peer(heard))].into_iter().collect();
        Tree::of(&Monitor { peers, gone: vec![peer(1), peer(2)] })
    };
    let (before, now) = (monitor(4), monitor(5));
    let fields = |heard: &str| format!("last 7s, heard {heard}, mean 1s, suspected false");
    assert_eq!(
        written(&rows(Some(&before), &now, &cast())),
        [
            format!("peers* S1 {}\nS2 {}", fields("1"), fields("5").replace("heard 5", "heard <5>")),
            format!("gone [{},\n{}]", fields("1"), fields("2")),
        ]
    );
    // Scripts compare the short form.
    let Tree::Record(_, parts) = &now else { panic!("a record") };
    assert_eq!(parts[0].1.text(&cast()), "S1 7s:1:1s:false · S2 7s:5:1s:false");
}

#[test]
fn of_a_very_long_map_the_beginning_is_written_and_what_changed() {
    let keys = |changed: u64| -> BTreeMap<u64, u64> {
        (1..=1_024).map(|key| (key, u64::from(key == changed))).collect()
    };
    let (before, now) = (Tree::of(&keys(0)), Tree::of(&keys(700)));
    let rows = rows(Some(&before), &now, &cast());
    let text: String = rows[0].pieces.iter().map(|piece| piece.text.as_str()).collect();
    assert!(text.starts_with("1 0 · 2 0") && text.ends_with("10 0 · 700 1 · 1013 more"), "{text}");
    let lit: Vec<&str> = rows[0].pieces.iter().filter(|piece| piece.lit).map(|piece| &*piece.text).collect();
    assert_eq!(lit, ["700 1"]);
}

#[test]
fn a_repaired_log_lights_the_entries_that_were_replaced() {
    let log = |entries: &[(u64, &str)]| {
        let entry = |&(term, text): &(u64, &str)| Entry { term, command: Command::Write(text.to_owned()) };
        let mut server = server();
        server.log = entries.iter().map(entry).collect();
        Tree::of(&server)
    };
    let lit = |before: &[(u64, &str)], now: &[(u64, &str)]| {
        written(&rows(Some(&log(before)), &log(now), &cast()))[3].clone()
    };
    assert_eq!(
        lit(&[(1, "a"), (2, "b"), (2, "c")], &[(1, "a"), (3, "d")]),
        "log* [1:a <3:d>]",
        "conflict: truncated and replaced"
    );
    assert_eq!(
        lit(&[(1, "a"), (2, "b")], &[(1, "a"), (3, "b")]),
        "log* [1:a <3>:b]",
        "same length: in place"
    );
    assert_eq!(lit(&[(1, "a"), (1, "b"), (1, "c")], &[(1, "b"), (1, "c"), (1, "d")]), "log* [1:b 1:c <1:d>]");
}

#[test]
fn a_new_role_is_a_row_when_the_record_does_not_say_it() {
    let before = Tree::of(&Node::Server(server()));
    let now = Tree::of(&Node::Candidate(server()));
    let rows = written(&rows(Some(&before), &now, &cast()));
    assert_eq!(rows[..2], ["role* <Candidate>", "currentTerm 3"]);
}

#[test]
fn numbers_that_do_not_fit_become_text() {
    assert_eq!(Tree::of(&u64::MAX), Tree::Text("18446744073709551615".to_owned()));
    assert_eq!(Tree::of(&i128::MIN), Tree::Text(i128::MIN.to_string()));
    assert_eq!(Tree::of(&1u128), Tree::Int(1));
    assert_eq!(Tree::of(&Time(u64::MAX)), Tree::Time(u64::MAX));
    assert_eq!(Tree::of(&Offset(-20_000)), Tree::Offset(-20_000));
    assert_eq!(Tree::of(&0.5f64), Tree::Text("0.5".to_owned()));
}

#[test]
fn every_shape_of_serde_has_its_tree() {
    #[derive(Serialize)]
    struct Unit;
    #[derive(Serialize)]
    struct Pair(u8, bool);
    #[derive(Serialize)]
    struct Wrapped(u8);
    #[derive(Serialize)]
    enum Shape {
        Bare,
        One(Option<u8>),
        Two(u8, NodeId),
        Named { value: char },
    }
    let list = |items: &[Tree]| Tree::List(items.to_vec());
    assert_eq!(Tree::of(&(Unit, (), None::<u8>)), list(&[Tree::Nothing, Tree::Nothing, Tree::Nothing]));
    assert_eq!(Tree::of(&Pair(1, true)), list(&[Tree::Int(1), Tree::Flag(true)]));
    assert_eq!(Tree::of(&Some(Wrapped(4))), Tree::Int(4));
    assert_eq!(Tree::of(&Shape::Bare), Tree::Variant("Bare", vec![]));
    assert_eq!(Tree::of(&Shape::One(Some(2))), Tree::Variant("One", vec![Tree::Int(2)]));
    let two = Tree::of(&Shape::Two(1, NodeId(2)));
    assert_eq!(two, Tree::Variant("Two", vec![Tree::Int(1), Tree::Node(NodeId(2))]));
    assert_eq!(two.text(&cast()), "Two(1, S3)");
    let named = Tree::of(&Shape::Named { value: 'x' });
    assert_eq!(named, Tree::Record("Named", vec![("value", Tree::Text("x".to_owned()))]));
}

#[test]
fn a_value_that_cannot_serialize_itself_is_the_text_of_its_error() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no form"))
        }
    }
    assert_eq!(Tree::of(&vec![Broken]), Tree::Text("no form".to_owned()));
}

#[test]
fn paths_lead_to_parts() {
    let (cast, tree) = (cast(), Tree::of(&Node::Server(server())));
    let at = |path: &str| tree.get(path, &cast).map(|part| part.text(&cast)).map_err(|e| e.to_string());
    assert_eq!(at("log.1.term"), Ok("1".to_owned()));
    assert_eq!(at("log.2.command"), Ok("y=4".to_owned()));
    assert_eq!(at("log.last.term"), Ok("2".to_owned()));
    assert_eq!(at("log.len"), Ok("2".to_owned()));
    assert_eq!(at("nextIndex.S3"), Ok("3".to_owned()));
    assert_eq!(at("nextindex.s3"), Ok("3".to_owned()));
    assert_eq!(at("nextIndex.len"), Ok("2".to_owned()));
    assert_eq!(at("lease.holder"), Ok("S1".to_owned()));
    assert_eq!(at("log.3.term"), Err("there is no element 3: the list has 2".to_owned()));
    assert_eq!(at("log.0"), Err("there is no element 0: the list has 2".to_owned()));
    assert_eq!(at("nextIndex.S2"), Err("there is no entry `S2`; there is: S1, S3".to_owned()));
    assert_eq!(at("currentTerm.x"), Err("`3` has no part `x`".to_owned()));
    let error = at("term").unwrap_err();
    assert!(error.contains("there is no `term`") && error.contains("currentTerm, votedFor"), "{error}");
}

#[test]
fn javascript_gets_plain_values() {
    #[derive(Serialize)]
    enum Reply {
        Ok,
        Value(u8),
        Pair(u8, u8),
    }
    let json = |tree: &Tree| serde_json::to_value(TreeJson(tree, &cast())).unwrap();
    assert_eq!(
        json(&Tree::of(&server())),
        serde_json::json!({
            "currentTerm": 3, "votedFor": "S2", "votes": ["S2", "S3"],
            "log": [{"term": 1, "command": "x=1"}, {"term": 2, "command": "y=4"}],
            "nextIndex": {"S1": 3, "S3": 3}, "since": 150_000,
            "lease": {"holder": "S1", "length": 3_000_000},
        })
    );
    let replies = Tree::of(&(Reply::Ok, Reply::Value(1), Reply::Pair(1, 2), ()));
    assert_eq!(json(&replies), serde_json::json!(["Ok", {"Value": 1}, {"Pair": [1, 2]}, null]));
}
