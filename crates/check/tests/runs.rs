//! Histories of runs in the simulator are judged as they are: what clients of real protocols asked and got.

use faultline_check::history::{History, Outcome, Trouble};
use faultline_check::linear::{Check, Order, OrderVerdict};
use faultline_check::sessions::{Age, Guarantee, Sessions};
use faultline_check::spec::{Model, Ret};
use faultline_model::{NodeId, Params, Protocol, Time};
use faultline_protocols::last_writer_wins::{Knobs, LastWriterWins};
use faultline_protocols::raft::{Raft, RaftParams};
use faultline_sim::{Action, AnyWorld, Operation, Setup, World};

fn raft(clients: &str) -> World<Raft> {
    let mut params = RaftParams::default();
    params.set("clients", clients).unwrap();
    World::new(Setup { cast: Raft::cast(&params, 3), params, habitat: Raft::habitat(), seed: 7 })
}

fn last_writer_wins() -> World<LastWriterWins> {
    let params = Knobs::default();
    let cast = LastWriterWins::cast(&params, 2);
    World::new(Setup { cast, params, habitat: LastWriterWins::habitat(), seed: 7 })
}

fn go_on_until(world: &mut dyn AnyWorld, at: Time) {
    while world.next_due().is_some_and(|due| due <= at) {
        world.step();
    }
    world.wait(at);
}

fn holds(history: &History, order: Order) -> bool {
    let mut check = Check::new(history.clone(), Model::CasRegister, order, Check::BYTES).unwrap();
    matches!(check.finish(), OrderVerdict::Holds { .. })
}

#[test]
fn raft_is_linearizable_through_crashes() {
    let mut world = raft("3");
    let texts =
        ["write x=1", "read x", "cas x 1 2", "read x", "write x=3", "cas x 9 4", "write y=5", "read y"];
    for round in 0..40u64 {
        let client = NodeId(3 + (round % 3) as u16);
        let text = texts[(round * 5 % 8) as usize];
        world.apply(&Action::Invoke(client, text.to_owned())).unwrap();
        if round % 10 == 4 {
            world.apply(&Action::Crash(NodeId((round / 10 % 3) as u16))).unwrap();
        }
        if round % 10 == 8 {
            let node = NodeId((round / 10 % 3) as u16);
            world.apply(&Action::Restart(node, faultline_sim::Disk::Kept)).unwrap();
        }
        go_on_until(&mut world, Time(1_000_000 + round * 80_000));
    }
    go_on_until(&mut world, Time(10_000_000));
    let history = History::of_run(&world.history()).unwrap();
    let answered = |ret: fn(&Ret) -> bool| {
        history.operations().iter().filter_map(|op| op.result()).filter(|r| ret(r)).count()
    };
    assert!(answered(|ret| matches!(ret, Ret::Value(Some(_)))) > 3, "{history:?}");
    assert!(answered(|ret| *ret == Ret::Mismatch) > 0 && answered(|ret| *ret == Ret::Done) > 10);
    assert!(holds(&history, Order::Linearizable) && holds(&history, Order::Sequential));
}

#[test]
fn a_stale_read_at_another_replica_is_not_linearizable_but_sequential() {
    let mut world = last_writer_wins();
    let [first, second] = [NodeId(2), NodeId(3)];
    world.apply(&Action::Cut(NodeId(0), NodeId(1))).unwrap();
    world.apply(&Action::Invoke(first, "write x=red".to_owned())).unwrap();
    go_on_until(&mut world, Time(1_000_000));
    world.apply(&Action::Invoke(second, "read x".to_owned())).unwrap();
    go_on_until(&mut world, Time(2_000_000));
    let history = History::of_run(&world.history()).unwrap();
    assert_eq!(history.operations()[1].result(), Some(&Ret::Value(None)), "the write has not come through");
    assert!(!holds(&history, Order::Linearizable) && holds(&history, Order::Sequential));
    let sessions = Sessions::new(&history, Age::RealTime).unwrap();
    assert_eq!(sessions.judge(Guarantee::ReadYourWrites), None, "the reader has written nothing");
}

fn operation(process: &str, call: &str, result: Option<&str>, invoked: u64, returned: u64) -> Operation {
    Operation {
        process: process.to_owned(),
        call: call.to_owned(),
        result: result.map(str::to_owned),
        failed: false,
        invoked: Time(invoked),
        invoked_event: 0,
        returned: result.map(|_| Time(returned)),
        returned_event: result.map(|_| 0),
    }
}

#[test]
fn answers_are_what_protocols_mean_by_them() {
    let run = [
        operation("C1", "write x=1", Some("ok"), 0, 10),
        operation("C1", "cas x 2 3", Some("failed"), 11, 12),
        operation("C2", "write x=9", Some("not leader"), 11, 12),
        operation("C1", "read x", Some("nil"), 13, 14),
        operation("C2", "write x=4", None, 15, 0),
    ];
    let history = History::of_run(&run).unwrap();
    let outcomes: Vec<&Outcome> = history.operations().iter().map(|operation| &operation.outcome).collect();
    assert_eq!(outcomes[0], &Outcome::Returned(Ret::Done));
    assert_eq!(outcomes[1], &Outcome::Returned(Ret::Mismatch));
    assert_eq!(outcomes[2], &Outcome::Failed);
    assert_eq!(outcomes[3], &Outcome::Returned(Ret::Value(None)));
    assert_eq!(outcomes[4], &Outcome::Unknown);
    assert!(!holds(&history, Order::Linearizable), "a read finds nothing after a write");
}

#[test]
fn operations_that_touch_at_one_instant_may_have_overlapped() {
    let read = |invoked| operation("C2", "read x", Some("nil"), invoked, 20);
    let run =
        |invoked| History::of_run(&[operation("C1", "write x=1", Some("ok"), 0, 10), read(invoked)]).unwrap();
    assert!(holds(&run(10), Order::Linearizable) && !holds(&run(11), Order::Linearizable));
}

#[test]
fn a_value_that_reads_like_no_value_is_refused() {
    let trouble = |call: &str| History::of_run(&[operation("C1", call, None, 0, 0)]).unwrap_err().trouble;
    assert_eq!(trouble("write x=nil"), Trouble::Reserved("nil".to_owned()));
    assert!(trouble("send hello").to_string().contains("`write x=1`"));
    assert_eq!(History::of_run(&[]).unwrap_err().trouble, Trouble::Empty);
}
