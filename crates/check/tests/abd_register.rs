//! ABD without its write-back lets a later read return an older value; with it, nothing breaks within the
//! same bounds.

use faultline_check::{Bounds, Request, Search, Verdict};
use faultline_model::{NodeId, Params, Protocol};
use faultline_protocols::abd_register::{AbdRegister, Knobs};
use faultline_sim::{AnyWorld, Setup, World};

/// Three replicas S1 to S3, then the writers, then the readers.
fn world(set: &[(&str, &str)]) -> World<AbdRegister> {
    let mut params = Knobs::default();
    for (knob, value) in set {
        params.set(knob, value).expect("a knob of ABD");
    }
    let (cast, habitat) = (AbdRegister::cast(&params, 3), AbdRegister::habitat());
    World::new(Setup { cast, params, habitat, seed: 1 })
}

fn bounds(requests: &[(u16, &str)]) -> Bounds {
    let request = |&(node, op): &(u16, &str)| Request { node: NodeId(node), op: op.to_owned() };
    Bounds { timeouts: 0, requests: requests.iter().map(request).collect(), ..Bounds::default() }
}

fn search(set: &[(&str, &str)], property: Option<&str>, bounds: Bounds) -> Search {
    let mut search = Search::new(&world(set), property, bounds).expect("a property of ABD");
    search.finish();
    search
}

const WRITE_AND_TWO_READS: [(u16, &str); 3] = [(3, "write x=red"), (4, "read x"), (5, "read x")];

#[test]
fn without_write_back_a_later_read_returns_the_older_value() {
    for property in ["no-new-old-inversion", "linearizable"] {
        let mut found = search(&[("write-back", "off")], Some(property), bounds(&WRITE_AND_TWO_READS));
        let Verdict::Found(counterexample) = found.finish().clone() else { panic!("not found") };
        // M16's par.
        assert_eq!(counterexample.steps, 12);
        let mut played = world(&[("write-back", "off")]);
        for (place, action) in counterexample.actions.iter().enumerate() {
            assert_eq!(played.broken(Some(property)), None, "broken before action {place}");
            played.apply(action).expect("every action can be done");
        }
        assert_eq!(played.broken(Some(property)), Some(property));
    }
}

/// One reader twice: what it reads first, its second read must not take back.
const WRITE_AND_ONE_READER: [(u16, &str); 3] = [(3, "write x=red"), (4, "read x"), (4, "read x")];

fn states(set: &[(&str, &str)], property: Option<&str>, bounds: Bounds) -> u32 {
    let mut exhausted = search(set, property, bounds);
    assert_eq!(exhausted.finish(), &Verdict::Exhausted);
    assert!(!exhausted.cut_off());
    exhausted.progress().states
}

#[test]
fn without_write_back_an_acknowledged_write_is_still_found() {
    let off = [("write-back", "off"), ("readers", "1")];
    assert_eq!(states(&off, Some("no-stale-read"), bounds(&WRITE_AND_ONE_READER)), 26_732);
}

#[test]
fn with_write_back_nothing_breaks_within_one_write_and_two_reads() {
    assert_eq!(states(&[("readers", "1")], None, bounds(&WRITE_AND_ONE_READER)), 46_912);
}
