//! `faultline history` says what it should, and its exit status means what the contract says.

use std::path::PathBuf;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;

const WRITTEN: &str = "INFO  jepsen.util - 0\t:invoke\t:write\t1\nINFO  jepsen.util - 0\t:ok\t:write\t1\n";

fn history(model: &str, text: &str) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("faultline").unwrap();
    command.args(["history", "--model", model, "-"]).write_stdin(text).assert()
}

fn read(value: &str) -> String {
    format!(
        "{WRITTEN}INFO  jepsen.util - 1\t:invoke\t:read\tnil\nINFO  jepsen.util - 1\t:ok\t:read\t{value}\n"
    )
}

#[test]
fn a_history_is_linearizable_or_not() {
    history("register", &read("1")).code(0).stdout("-: linearizable\n");
    let stale = contains("-: not linearizable\n").and(contains("the first 4 events cannot be ordered"));
    history("register", &read("nil")).code(1).stdout(stale);
}

#[test]
fn a_broken_line_is_named() {
    let broken = format!("{WRITTEN}INFO  jepsen.util - 1 :invoke :reed nil\n");
    history("register", &broken).code(2).stdout("").stderr(contains("-:3:").and(contains("use :read")));
    let queue = history("queue", WRITTEN).code(2);
    queue.stderr(contains("use cas-register, register or kv"));
}

#[test]
fn the_document_names_the_prefix_and_the_lines() {
    let mut command = Command::cargo_bin("faultline").unwrap();
    command.args(["history", "--json", "--model", "cas-register", "-"]).write_stdin(read("nil"));
    let output = command.assert().code(1).get_output().stdout.clone();
    let document: serde_json::Value = serde_json::from_slice(&output).unwrap();
    let judged = &document[0];
    assert_eq!(judged["linearizable"], false);
    assert_eq!((&judged["prefix"]["events"], &judged["prefix"]["line"]), (&4.into(), &4.into()));
    assert_eq!(judged["prefix"]["concerned"][1]["operation"], "process 1: read = nil");
    assert_eq!(judged["order"][0]["returned"], 2);
}

#[test]
fn one_bad_history_among_many_is_enough() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (good, bad) = (folder.join("good.log"), folder.join("bad.log"));
    std::fs::write(&good, read("1")).unwrap();
    std::fs::write(&bad, read("2")).unwrap();
    let mut command = Command::cargo_bin("faultline").unwrap();
    command.args(["history", "--model", "register"]).args([&good, &bad]);
    command
        .assert()
        .code(1)
        .stdout(contains("good.log: linearizable").and(contains("bad.log: not linearizable")));
}
