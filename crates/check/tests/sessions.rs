//! Each session guarantee, and causal consistency, is broken by what should break it, with evidence.

mod small;

use faultline_check::history::History;
use faultline_check::sessions::{Age, Guarantee, Sessions, Unjudged};
use small::{Op, What, history};

use Guarantee::{Causal, MonotonicReads, MonotonicWrites, ReadYourWrites, WritesFollowReads};

const GUARANTEES: [Guarantee; 5] =
    [ReadYourWrites, MonotonicReads, MonotonicWrites, WritesFollowReads, Causal];

/// Reads and writes the way they are spoken of: "C1 writes 1 to x".
fn ops(text: &str) -> Vec<Op> {
    let one = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [process, verb, key, value] = words[..] else { panic!("{line}") };
        let value = value.parse().ok();
        Op {
            process: process[1..].parse::<usize>().unwrap() - 1,
            key: usize::from(key == "y"),
            what: if verb == "w" { What::Write(value.unwrap()) } else { What::Read(value) },
        }
    };
    text.split(';').map(one).collect()
}

fn broken(text: &str, age: Age) -> Vec<Guarantee> {
    let history = history(&ops(text));
    let sessions = Sessions::new(&history, age).unwrap();
    GUARANTEES.into_iter().filter(|guarantee| sessions.judge(*guarantee).is_some()).collect()
}

#[test]
fn each_guarantee_is_broken_by_what_should_break_it() {
    let cases: [(&str, &[Guarantee]); 9] = [
        ("C1 w x 1; C1 r x 1; C2 r x 1", &[]),
        ("C1 w x 1; C1 r x nil", &[ReadYourWrites, Causal]),
        ("C1 w x 1; C1 w x 2; C1 r x 1", &[ReadYourWrites, Causal]),
        ("C1 w x 1; C2 r x 1; C2 r x nil", &[MonotonicReads, Causal]),
        // Who sees the second write sees the first.
        ("C1 w x 1; C1 w y 2; C2 r y 2; C2 r x nil", &[MonotonicWrites, Causal]),
        ("C1 w x 1; C1 w x 2; C2 r x 2; C2 r x 1", &[MonotonicReads, MonotonicWrites, Causal]),
        // Who sees the answer sees the question.
        ("C1 w x 1; C2 r x 1; C2 w y 2; C3 r y 2; C3 r x nil", &[WritesFollowReads, Causal]),
        // A read of what is yet to be caused.
        ("C1 r x 2; C1 w y 1; C2 r y 1; C2 w x 2", &[WritesFollowReads, Causal]),
        // Nobody knows which of two independent writes is older.
        ("C1 w x 1; C2 w x 2; C3 r x 2; C3 r x 1", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(broken(text, Age::Causal), expected, "{text}");
    }
}

#[test]
fn causal_consistency_is_more_than_its_parts_seen_alone() {
    // The news goes through two processes, so that no single guarantee covers the way.
    let text = "C1 w x 1; C2 r x 1; C2 w y 2; C3 r y 2; C3 w y 3; C4 r y 3; C4 r x nil";
    assert_eq!(broken(text, Age::Causal), [Causal]);
}

#[test]
fn where_there_is_one_copy_real_time_says_which_write_is_older() {
    let text = "C1 w x 1; C2 w x 2; C3 r x 2; C3 r x 1";
    assert_eq!(broken(text, Age::RealTime), [MonotonicReads]);
}

#[test]
fn evidence_names_the_operations_and_the_read_last() {
    let longer = history(&ops("C1 w x 1; C2 r x 1; C2 w y 2; C3 r y 2; C3 r x nil"));
    let sessions = Sessions::new(&longer, Age::Causal).unwrap();
    let found = sessions.judge(WritesFollowReads).unwrap();
    assert_eq!(found.operations, [0, 2, 3, 4]);
    assert_eq!(
        found.sentence,
        "`process C1: write x=1` had been read before `process C2: write y=2`, and although `process C3: read y = 2` had \
         shown the second, `process C3: read x = nil` finds nothing, not even the first"
    );
    let found = sessions.judge(Causal).unwrap();
    assert_eq!(found.operations, [0, 1, 2, 3, 4], "the whole way from the write to the read");
    let thin_air = history(&ops("C1 r x 7"));
    let found = Sessions::new(&thin_air, Age::Causal).unwrap().judge(Causal).unwrap();
    assert_eq!(found.sentence, "`process C1: read x = 7` shows a value that nobody wrote");
}

#[test]
fn a_write_whose_outcome_is_unknown_is_missed_by_nobody_but_may_be_seen() {
    let text = "{:process 1 :type :invoke :f :write :value 1} {:process 1 :type :info :f :write :value nil}
        {:process 1 :type :invoke :f :read :value nil} {:process 1 :type :ok :f :read :value nil}
        {:process 2 :type :invoke :f :read :value nil} {:process 2 :type :ok :f :read :value 1}";
    let judge = |text: &str, guarantee| {
        Sessions::new(&History::parse(text).unwrap(), Age::RealTime).unwrap().judge(guarantee).is_some()
    };
    assert!(GUARANTEES.into_iter().all(|guarantee| !judge(text, guarantee)));
    let backwards = format!(
        "{text} {{:process 2 :type :invoke :f :read :value nil}} {{:process 2 :type :ok :f :read :value nil}}"
    );
    assert!(judge(&backwards, MonotonicReads) && !judge(&backwards, ReadYourWrites));
}

#[test]
fn a_value_must_be_written_once_to_know_who_wrote_it() {
    let twice = history(&ops("C1 w x 1; C2 w x 1"));
    assert!(matches!(Sessions::new(&twice, Age::Causal), Err(Unjudged::Repeated { .. })));
    let elsewhere = history(&ops("C1 w x 1; C2 w y 1"));
    assert!(Sessions::new(&elsewhere, Age::Causal).is_ok());
}
