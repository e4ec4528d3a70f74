//! The command as others rely on it: what it prints, and its exit status.

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;

fn faultline() -> Command {
    let mut command = Command::cargo_bin("faultline").expect("built with the tests");
    // So that errors are laid out alike wherever the tests run.
    command.env("NO_COLOR", "1").env("NO_GRAPHICS", "1").env("COLUMNS", "200");
    command
}

fn last_line(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned()
}

#[test]
fn a_run_ends_with_the_digest_of_its_trace_and_the_same_seed_gives_the_same() {
    let run = |seed: &str| {
        let output =
            faultline().args(["run", "raft", "--seed", seed, "--until", "500ms"]).output().expect("it runs");
        assert!(output.status.success());
        last_line(&output)
    };
    let first = run("7");
    assert!(predicate::str::is_match("^trace [0-9a-f]{16}$").expect("a pattern").eval(&first), "{first}");
    assert_eq!(run("7"), first);
    assert_ne!(run("8"), first);
}

#[test]
fn every_lesson_and_protocol_that_is_listed_can_be_run() {
    for verb in ["lessons", "protocols"] {
        let output = faultline().args([verb, "--json"]).output().expect("it runs");
        let listed: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let listed = listed.as_array().expect("a list");
        assert!(listed.len() >= 3, "{verb}");
        for entry in listed {
            let slug = entry["slug"].as_str().expect("a slug");
            faultline().args(["run", slug, "--events", "50"]).assert().code(0).stdout(contains("trace "));
        }
    }
}

#[test]
fn a_script_is_played_from_standard_input_and_a_failed_check_exits_with_1() {
    let script = |expected: &str| {
        format!("protocol raft\nnodes 3\nseed 4\nrun until leader\ncrash S1\nexpect {expected}\n")
    };
    let play = |text: String| faultline().args(["run", "--script", "-"]).write_stdin(text).assert();
    play(script("S1.status = down")).code(0).stdout(contains("S1 crashes"));
    play(script("S1.status = up")).code(1).stdout(contains("failed: line 6").and(contains("trace ")));
}

#[test]
fn knobs_change_the_run() {
    let digest = |set: &str| {
        let output =
            faultline().args(["run", "raft", "--until", "400ms", "--set", set]).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        last_line(&output)
    };
    assert_ne!(digest("latency=constant 1ms"), digest("latency=constant 9ms"));
}

#[test]
fn what_cannot_be_used_exits_with_2_and_says_what_would_be_right() {
    let refused = |args: &[&str], says: &str| {
        faultline().args(args).write_stdin("nodes many\n").assert().code(2).stderr(contains(says));
    };
    refused(&["run", "rafft"], "raft-elections");
    refused(&["run", "raft", "--set", "latency=soon"], "constant 5ms");
    refused(&["run", "raft", "--set", "latencyy=5ms"], "election-min");
    refused(&["run", "raft", "--nodes", "5000"], "1 to 1000");
    refused(&["run", "raft", "--until", "soon"], "150ms");
    refused(&["run", "--script", "-"], "line 1, column 7");
    refused(&["run", "--script", "no-such-file"], "no-such-file");
    refused(&["run"], "say what to run");
    refused(&["verify", "no-such-lesson"], "lost-message");
    refused(&["protocols", "paxoss"], "raft");
    refused(&["validate", "no-such-file"], "no-such-file");
    refused(&["juggle"], "juggle");
}

#[test]
fn a_lesson_file_is_validated_and_a_broken_one_shows_the_place() {
    let lesson =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../lessons/content/01-between-two-machines/lost-message.md");
    faultline().args(["validate", lesson]).assert().code(0).stdout(contains("valid lesson"));
    let text = std::fs::read_to_string(lesson).expect("the lesson is there");
    let broken = text.replacen("minutes: ", "minuets: ", 1);
    faultline()
        .args(["validate", "-"])
        .write_stdin(broken)
        .assert()
        .code(2)
        .stderr(contains("minuets").and(contains("-:")));
}

#[test]
fn all_lessons_pass_their_gates() {
    let all = predicate::str::is_match(r"(?m)^(\d+) of (\d+) lessons pass").expect("a pattern");
    faultline().arg("verify").assert().code(0).stdout(all.and(contains("✗").not()));
}

#[test]
fn a_search_prints_a_script_that_run_replays_or_the_bounds_it_exhausted() {
    let search = |off: &[&str]| {
        let fixed =
            ["search", "raft", "--property", "election-safety", "--set", "clients=0", "--restarts", "1"];
        faultline().args(fixed).args(off).assert()
    };
    let broken = search(&["--off", "persist-vote"]).code(1).stdout(contains("breaks in 7 steps"));
    let script = broken.get_output().stdout.clone();
    faultline().args(["run", "--script", "-"]).write_stdin(script).assert().code(0);
    search(&[]).code(0).stdout(contains("exhausted: nothing breaks within these bounds"));
    search(&["--off", "gravity"]).code(2).stderr(contains("commit-current-term"));
}

#[test]
fn bench_reports_figures() {
    let output = faultline().args(["bench", "--deliveries", "20000", "--json"]).output().expect("it runs");
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for figure in ["barePerSecond", "withTimeTravelPerSecond", "forkNanoseconds", "events"] {
        assert!(figures[figure].as_u64().is_some_and(|value| value > 0), "{figure}");
    }
}

/// The answer is the same on one thread and on several: the same states, the same run.
#[test]
fn a_search_on_all_cores_gives_the_answer_of_one() {
    let cases: [&[&str]; 4] = [
        &["raft", "--off", "persist-vote", "--set", "clients=0", "--restarts", "1"],
        &["raft", "--set", "clients=0", "--restarts", "1", "--max-states", "20000"],
        &["raft", "--set", "clients=0", "--restarts", "1", "--depth", "9"],
        &["two-phase-commit", "--timeouts", "1", "--requests", "1", "--property", "atomic-commit"],
    ];
    for case in cases {
        let answer = |threads: &str| {
            let mut command = Command::cargo_bin("faultline").expect("it is built");
            let output = command.args(["--json", "search"]).args(case).args(["--threads", threads]).output();
            let mut value: serde_json::Value =
                serde_json::from_slice(&output.expect("it runs").stdout).expect("JSON");
            value.as_object_mut().expect("an object").remove("statesPerSecond");
            value
        };
        let one = answer("1");
        assert!(one["states"].as_u64().expect("states") > 200, "{one}");
        assert_eq!(one, answer("2"), "{case:?}");
        assert_eq!(one, answer("5"), "{case:?}");
    }
}

#[test]
fn random_faults_and_a_workload_are_replayable_from_one_line_each() {
    let run = |chaos: &str| {
        let script = "workload closed 1 think 20ms total 30\nrun 20s\n";
        let play = faultline()
            .args(["run", "raft", "--seed", "3", "--chaos", chaos, "--script", "-"])
            .write_stdin(script)
            .assert()
            .code(0)
            .stdout(
                contains("clients begin to ask by themselves").and(contains(" is asked to write (workload)")),
            );
        last_line(play.get_output())
    };
    let first = run("60/min crash partition within 2s until 15s seed 4");
    assert_eq!(run("60/min crash partition within 2s until 15s seed 4"), first);
    assert_ne!(run("60/min crash partition within 2s until 15s seed 5"), first);
    faultline()
        .args(["run", "raft", "--chaos", "60/min meteors"])
        .assert()
        .code(2)
        .stderr(contains("`meteors` does not belong here").and(contains("crash, pause, partition")));
}

#[test]
fn an_experiment_prints_the_sources_numbers_beside_what_was_measured() {
    let experiment = |args: &[&str]| faultline().arg("experiment").args(args).assert();
    experiment(&["--list"]).code(0).stdout(contains("raft-figure-16").and(contains("E1 E5 E2 E3 E6 E4")));
    experiment(&["raft-figure-7"])
        .code(0)
        .stdout(contains("5 of 7").and(contains("inside")))
        .stderr(contains("1 of 1 trials"));
    // Ten trials have no worst of a thousand.
    experiment(&["raft-figure-16", "--trials", "10"]).code(1).stdout(contains("OUTSIDE"));
    experiment(&["raft-figure-61"]).code(2).stderr(contains("raft-figure-16"));
    experiment(&["raft-figure-16", "--trials", "0"]).code(2);
    experiment(&[]).code(2);
}

#[test]
fn an_experiment_gives_the_same_numbers_on_any_number_of_threads() {
    let report = |threads: &str| {
        let args = ["experiment", "raft-timeouts", "--trials", "60", "--threads", threads, "--json"];
        let output = faultline().args(args).output().expect("it runs");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
    };
    let alone = report("1");
    assert_eq!(report("3"), alone);
    let row = &alone["rows"][0];
    assert_eq!((row["oracle"].as_str(), row["mark"].as_str()), (Some("E7"), Some("P")));
    assert!(row["measured"].is_f64() && row["range"][0].is_f64());
    assert_eq!(alone["trials"], 60);
}
