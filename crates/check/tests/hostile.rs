//! What comes from outside is refused with the line and what would be right, or judged within bounds.

use faultline_check::history::{History, Trouble};
use faultline_check::linear::{Check, Order, OrderVerdict};
use faultline_check::sessions::{Age, Guarantee, Sessions};
use faultline_check::spec::Model;
use proptest::prelude::*;

fn refused(text: &str) -> String {
    History::parse(text).expect_err(text).to_string()
}

#[test]
fn a_broken_line_of_a_log_is_named() {
    let good = "INFO  jepsen.util - 0\t:invoke\t:write\t3\nINFO  jepsen.util - 0\t:ok\t:write\t3\n";
    assert!(History::parse(good).is_ok());
    let cases = [
        (
            "hello",
            "line 3: `hello` is no line of a Jepsen log: write `INFO  jepsen.util - 3 :invoke :write 4`",
        ),
        ("INFO  jepsen.util - 1 :invoked :read nil", "line 3: "),
        ("INFO  jepsen.util - 1 :invoke", "line 3: "),
        ("INFO  jepsen.util - 1 :invoke :write", "line 3: nil is no value: use a number or a string"),
        (
            "INFO  jepsen.util - 1 :invoke :cas 4",
            "line 3: a :cas needs the old and the new value, such as [1 2]",
        ),
        ("INFO  jepsen.util - 1 :invoke :cas [1 2", "line 3: what opens here is never closed by `]`"),
        ("INFO  jepsen.util - 1 :invoke :swap 4", "line 3: there is no such :f here: use :read"),
        (
            "INFO  jepsen.util - 1 :ok :read nil",
            "line 3: process 1 gets an answer (:ok) but has no operation open",
        ),
    ];
    for (line, expected) in cases {
        let message = refused(&format!("{good}{line}\n"));
        assert!(message.starts_with(expected), "{message}");
    }
    let twice =
        format!("{good}INFO  jepsen.util - 1 :invoke :read nil\nINFO  jepsen.util - 1 :invoke :read nil");
    assert!(
        refused(&twice).starts_with("line 4: process 1 invokes an operation while its last one, of line 3")
    );
    let other = format!("{good}INFO  jepsen.util - 1 :invoke :read nil\nINFO  jepsen.util - 1 :ok :write 4");
    assert!(
        refused(&other)
            .starts_with("line 4: process 1 is answered `:ok write`, but what it asked on line 3 was `read`")
    );
}

#[test]
fn lines_that_are_no_operations_are_passed_over() {
    let text = "INFO  jepsen.core - Worker 0 starting\nINFO  jepsen.util - :nemesis\t:info\t:start\tnil\n
                2020-01-01 00:00:00,000{GMT}\tINFO\t[jepsen worker 0] jepsen.util - 0\t:invoke\t:write\t3\r\n";
    let history = History::parse(text).unwrap();
    assert_eq!((history.operations().len(), history.line(1)), (1, Some(4)));
    assert_eq!(History::parse("").unwrap_err().trouble, Trouble::Empty);
}

#[test]
fn a_broken_map_is_named() {
    let good = "{:process 0, :type :invoke, :f :put, :key \"a\", :value \"1\"}\n";
    assert!(History::parse(good).is_ok());
    let cases = [
        ("{:process 0, :type :ok, :f :put, :key \"b\", :value \"1\"}", "line 2: process 0 is answered"),
        ("{:process 0, :type :ok, :f :put, :key \"a\", :value \"2\"}", "line 2: process 0 is answered"),
        ("{:type :ok, :f :put}", "line 2: the entry does not say whose it is: add :process"),
        (
            "{:process 0, :type :okay, :f :put}",
            "line 2: the entry needs a :type: :invoke, :ok, :fail or :info",
        ),
        ("{:process 0, :type :ok}", "line 2: the entry needs an :f"),
        ("{:process 0, :type", "line 2: what opens here is never closed by `}`"),
        ("{:process 0, :type}", "line 2: a map has a key without a value"),
        ("{:process 0 \"", "line 2: a string that begins here is never closed"),
        ("[1 2]", "line 2: a vector stands where a map should"),
        ("{:process 0 ]", "line 2: `]` stands where `}` should"),
        ("{:process \"\\x\"}", "line 2: `\\x` is no escape"),
    ];
    for (line, expected) in cases {
        let message = refused(&format!("{good}{line}"));
        assert!(message.starts_with(expected), "{message}");
    }
    let deep = "[".repeat(100_000);
    assert!(refused(&deep).contains("nested deeper than 16"));
}

#[test]
fn maps_may_stand_in_a_vector_with_tags_comments_and_more_keys() {
    let text = "; a history\n[#jepsen.history.Op{:index 0, :time 1, :process 0, :type :invoke, :f :read, :value nil},
        {:process :nemesis, :type :info, :f :kill, :value nil}
        {:process 0, :type :ok, :f :read, :value 4, :error [:a {:b #{1}}]}]";
    assert!(refused(text).starts_with("line 4: `#` stands without the name of a tag"), "sets are not read");
    let history = History::parse(&text.replace("#{1}", "(1)")).unwrap();
    assert_eq!(history.operations().len(), 1);
    assert_eq!((history.line(1), history.line(2)), (Some(2), Some(4)));
}

#[test]
fn what_a_model_does_not_have_is_refused_where_it_stands() {
    let text = "{:process 0 :type :invoke :f :read}\n{:process 1 :type :invoke :f :append :value 3}";
    let history = History::parse(text).unwrap();
    let Err(error) = Check::new(history, Model::Register, Order::Linearizable, Check::BYTES) else {
        panic!()
    };
    let expected =
        "line 2: `append \"3\"` cannot be asked of a register: its operations are read, write, delete";
    assert_eq!(error.to_string(), expected);
}

/// Writes that all overlap, and then a read of what nobody wrote: every subset of them must be tried.
fn hard(writes: usize) -> History {
    let invoke = |i| format!("{{:process {i} :type :invoke :f :write :value {i}}}\n");
    let ok = |i| format!("{{:process {i} :type :ok :f :write :value {i}}}\n");
    let mut text: String = (0..writes).map(invoke).chain((0..writes).map(ok)).collect();
    text += "{:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value 777}";
    History::parse(&text).unwrap()
}

#[test]
fn a_check_that_would_not_end_can_be_left_and_says_when_its_memory_is_full() {
    for order in [Order::Linearizable, Order::Sequential] {
        let mut check = Check::new(hard(60), Model::Register, order, Check::BYTES).unwrap();
        assert_eq!(check.go_on(10_000), None, "it can be left here");
        let mut check = Check::new(hard(60), Model::Register, order, 1 << 20).unwrap();
        assert_eq!(check.finish(), &OrderVerdict::Undecided { bytes: 1 << 20 });
        assert_eq!(check.sentence().unwrap(), "undecided: an answer needs more than 1 MiB");
    }
    let mut small = Check::new(hard(6), Model::Register, Order::Linearizable, Check::BYTES).unwrap();
    assert!(matches!(small.finish(), OrderVerdict::Broken(disorder) if disorder.prefix == Some(14)));
}

#[test]
fn a_long_history_needs_no_stack() {
    let mut text = String::new();
    for i in 0..20_000 {
        text += &format!(
            "{{:process 1 :type :invoke :f :write :value {i}}} {{:process 1 :type :ok :f :write :value {i}}}\n"
        );
    }
    let history = History::parse(&text).unwrap();
    let mut check = Check::new(history, Model::Register, Order::Linearizable, Check::BYTES).unwrap();
    assert!(matches!(check.finish(), OrderVerdict::Holds { order } if order.len() == 20_000));
}

/// Text that looks like a history, mostly.
fn almost_a_history() -> impl Strategy<Value = String> {
    let edn = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "(",
        "\"",
        "\\",
        ";",
        "#",
        "#tag",
        ":process",
        ":type",
        ":f",
        ":value",
        ":key",
        ":invoke",
        ":ok",
        ":fail",
        ":info",
        ":read",
        ":write",
        ":cas",
        ":append",
        "0",
        "1",
        "nil",
        "[0 1]",
        "\n",
        " ",
        ",",
        "é",
        "{:process 0, :type :invoke, :f :write, :value 1}",
        "{:process 0, :type :ok, :f :write, :value 1}",
    ]);
    let log = prop::sample::select(vec![
        "INFO  jepsen.util - ",
        "0\t",
        "1\t",
        ":invoke\t",
        ":ok\t",
        ":info\t",
        ":fail\t",
        ":read\t",
        ":write\t",
        ":cas\t",
        "nil\n",
        "1\n",
        "[0 1]\n",
        "[0",
        "\n",
        " - ",
        "WARN",
        ":timed-out\n",
        "\u{0}",
    ]);
    let join = |words: Vec<&str>| words.concat();
    prop_oneof![
        prop::collection::vec(edn, 0..60).prop_map(move |words| words.join(" ")),
        prop::collection::vec(log, 0..60).prop_map(join),
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_text_makes_it_panic(text in almost_a_history()) {
        let Ok(history) = History::parse(&text) else { return Ok(()) };
        for order in [Order::Linearizable, Order::Sequential] {
            for model in Model::ALL {
                if let Ok(mut check) = Check::new(history.clone(), model, order, 1 << 20) {
                    check.finish();
                    prop_assert!(check.sentence().is_some());
                }
            }
        }
        if let Ok(sessions) = Sessions::new(&history, Age::RealTime) {
            sessions.judge(Guarantee::Causal);
            sessions.judge(Guarantee::WritesFollowReads);
        }
    }

    #[test]
    fn no_portion_changes_the_verdict(portion in 1u32..50, seed in 0usize..200) {
        let reads = |i: usize| (seed * 7 + i * 3) % 4;
        let mut text = String::new();
        for i in 0..8 {
            text += &format!("{{:process {i} :type :invoke :f :write :value {}}}\n", i % 4);
            text += &format!("{{:process r{i} :type :invoke :f :read}}\n");
            text += &format!("{{:process r{i} :type :ok :f :read :value {}}}\n", reads(i));
            text += &format!("{{:process {i} :type :ok :f :write :value {}}}\n", i % 4);
        }
        let history = History::parse(&text).unwrap();
        let check = || Check::new(history.clone(), Model::Register, Order::Linearizable, Check::BYTES).unwrap();
        let (mut at_once, mut in_portions) = (check(), check());
        while in_portions.go_on(portion).is_none() {}
        prop_assert_eq!(at_once.finish(), in_portions.finish());
    }
}
