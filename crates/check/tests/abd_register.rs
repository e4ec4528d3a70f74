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

#[test]
fn without_write_back_an_acknowledged_write_is_still_found() {
    let mut exhausted =
        search(&[("write-back", "off")], Some("no-stale-read"), bounds(&WRITE_AND_TWO_READS));
    assert_eq!(exhausted.finish(), &Verdict::Exhausted);
    println!("{:?}", exhausted.progress());
}

#[test]
fn with_write_back_nothing_breaks_within_one_write_and_two_reads() {
    let mut exhausted = search(&[], None, bounds(&WRITE_AND_TWO_READS));
    println!("{:?}", exhausted.progress());
    assert_eq!(exhausted.finish(), &Verdict::Exhausted);
}

#[test]
fn writers_whose_ids_do_not_count_contradict_each_other() {
    let set = [("writers", "2"), ("readers", "1"), ("writer-id", "off")];
    let requests = [(3, "write x=red"), (4, "write x=blue"), (5, "read x")];
    let mut found = search(&set, Some("linearizable"), bounds(&requests));
    println!("{:?} {:?}", found.progress(), found.finish());
}
