use faultline_lessons::catalogue;
use faultline_sim::{Loss, Scenario, Timeline};

use super::*;

fn event(at: u64, what: What, kind: &'static str) -> Event {
    // Of a real event only what is counted is changed.
    let scenario = Scenario { protocol: "raft".to_owned(), seed: 1, ..Scenario::default() };
    let world = catalogue::build(&scenario).unwrap();
    let mut timeline = Timeline::new(scenario, world);
    timeline.step();
    Event { at: Time(at), what, kind, msg: None, ..timeline.events()[0] }
}

fn operation(invoked: u64, returned: Option<u64>, failed: bool) -> Operation {
    Operation {
        process: "C1".to_owned(),
        call: "read x".to_owned(),
        result: returned.map(|_| "1".to_owned()),
        failed,
        invoked: Time(invoked),
        returned: returned.map(Time),
        invoked_event: 1,
        returned_event: returned.map(|_| 2),
    }
}

fn charts(events: &[Event], history: &[Operation], until: u64) -> SortedMap<String, Chart> {
    let record = Record::default();
    let run = Run {
        events,
        record: &record,
        history,
        until: Time(until),
        name: &|node| format!("n{}", node.0),
        hue: &|_| "violet",
    };
    run.charts().into_iter().map(|chart| (chart.id.clone(), chart)).collect()
}

fn values(chart: &Chart, lane: &str) -> Vec<i64> {
    let lane = chart.lanes.iter().find(|found| found.name == lane).unwrap();
    lane.points.iter().map(|point| point.y).collect()
}

#[test]
fn operations_have_latencies_rates_and_percentiles() {
    let history = [
        operation(0, Some(30_000), false),
        operation(10_000, Some(20_000), false),
        operation(15_000, None, false),
        operation(20_000, Some(120_000), false),
        operation(60_000, Some(61_000), true),
    ];
    let all = charts(&[event(130_000, What::Fired, "Tick")], &history, 130_000);
    let latency = &all["latency"];
    assert_eq!(values(latency, "answered"), [30_000, 10_000, 100_000]);
    assert_eq!((values(latency, "failed"), values(latency, "open so far")), (vec![1_000], vec![115_000]));
    let table = latency.numbers();
    assert_eq!(table.rows[2], ["C1", "read x", "open", "15000", ""]);
    assert_eq!(table.rows[3], ["C1", "read x", "1", "20000", "100000"]);

    let histogram = &all["latency-histogram"];
    assert_eq!(histogram.note, "p50 30 ms · p90 100 ms · p99 100 ms · max 100 ms");
    assert_eq!(
        values(histogram, "operations").iter().sum::<i64>(),
        3,
        "errors and open ones are none of them"
    );
    assert_eq!(histogram.target(100_000), Some(Time(120_000)), "the slowest one's answer");
    assert_eq!(histogram.target(0), Some(Time(20_000)), "an empty bucket leads to the nearest one");

    let throughput = &all["throughput"];
    assert_eq!(throughput.note, "3 answered, 1 failed, 1 open; counted per 5.0 ms");
    assert_eq!(values(throughput, "answers").iter().sum::<i64>(), 3 * 200_000);
    assert_eq!(throughput.lanes[1].at(61_000, throughput.mark).unwrap().y, 200_000);
    assert_eq!(values(&all["availability"], "answered of those asked"), [100, 100, 0, 100, 0]);
}

#[test]
fn messages_are_counted_by_kind_window_and_fate() {
    let events = [
        event(0, What::Delivered, "Ping"),
        event(10_000, What::Fired, "Tick"),
        event(49_000, What::Lost(Loss::Cut), "Ping"),
        event(50_000, What::Delivered, "Pong"),
        event(100_000, What::Delivered, "Ping"),
    ];
    let all = charts(&events, &[], 100_000);
    assert!(!all.contains_key("latency"), "nobody has asked for anything");
    let messages = &all["messages"];
    let names: Vec<&str> = messages.lanes.iter().map(|lane| lane.name.as_str()).collect();
    assert_eq!(names, ["Ping", "Ping lost ✕", "Pong"]);
    assert_eq!((messages.lanes[0].hue, messages.lanes[1].hue), ("violet", "red"));
    assert_eq!(values(messages, "Ping").iter().sum::<i64>(), 2);
    assert_eq!(messages.note, "3 arrived, 1 lost; counted per 2.0 ms");
}

#[test]
fn a_message_that_waited_is_counted_once() {
    let named = |at, what, msg| Event { msg: Some(faultline_model::MsgId(msg)), ..event(at, what, "Ping") };
    let events = [named(10, What::Queued, 1), named(90, What::Delivered, 1), named(95, What::Delivered, 2)];
    assert_eq!(values(&charts(&events, &[], 100)["messages"], "Ping").iter().sum::<i64>(), 2);
}

#[test]
fn a_real_run_has_queues_and_measured_values_that_end_as_the_world_stands() {
    let scenario = Scenario { protocol: "raft".to_owned(), nodes: 5, seed: 42, ..Scenario::default() };
    let world = catalogue::build(&scenario).unwrap();
    let mut timeline = Timeline::new(scenario, world);
    (0..400).for_each(|_| assert!(timeline.step().is_some()));
    let mut record = Record::default();
    assert!(record.follow(&timeline, 1_000));
    let run = Run {
        events: timeline.events(),
        record: &record,
        history: &record.history(),
        until: timeline.world().now(),
        name: &|node| timeline.world().cast().name(node).to_owned(),
        hue: &|_| "violet",
    };
    let all: SortedMap<String, Chart> =
        run.charts().into_iter().map(|chart| (chart.id.clone(), chart)).collect();
    let flights = timeline.world().view().flights.len() as i64;
    assert_eq!(values(&all["queues"], "messages in flight").last(), Some(&flights));
    assert_eq!(values(&all["availability"], "servers running"), [100]);
    let term = &all["measured-term"];
    let view = timeline.world().view();
    for lane in &term.lanes {
        let node = view.nodes.iter().find(|node| node.id == lane.name).unwrap();
        assert!(lane.points.last().unwrap().y as u64 <= node.epoch.unwrap(), "{}", lane.name);
    }
}

#[test]
fn a_run_of_no_time_has_one_window_with_everything() {
    let all = charts(&[event(0, What::Delivered, "Ping")], &[operation(0, Some(0), false)], 0);
    assert_eq!(values(&all["messages"], "Ping"), [1]);
    assert_eq!(values(&all["throughput"], "answers"), [1_000_000_000]);
    assert_eq!(all["latency-histogram"].note, "p50 0 ms · p90 0 ms · p99 0 ms · max 0 ms");
}
