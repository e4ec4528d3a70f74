use faultline_model::Cast;

use super::*;

fn read(json: &str) -> Result<Predicate, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[test]
fn every_form_is_written_as_it_is_read() {
    for json in [
        r#"{"role":"leader"}"#,
        r#"{"role":"leader","count":2}"#,
        r#"{"role":"leader","at-least":2}"#,
        r#"{"role":"leader","at-least":1,"at-most":2}"#,
        r#"{"field":{"node":"A","path":"decided","is":"attack"}}"#,
        r#"{"field":{"node":"A","path":"log.len","less-than":"3"}}"#,
        r#"{"violated":"election-safety"}"#,
        r#"{"holds":"election-safety"}"#,
        r#"{"operation":{"process":"C1","call":"write x=1","result":"ok"}}"#,
        r#"{"fault":"crash","at-least":0,"at-most":1}"#,
        r#"{"in-flight":{"from":"S1","to":"S3","kind":"Vote"}}"#,
        r#"{"quiet":true}"#,
        r#"{"before":"2s"}"#,
        r#"{"after":"150ms"}"#,
        r#"{"within":{"events":40,"faults":2}}"#,
        r#"{"all":[{"quiet":true},{"any":[{"role":"leader"},{"not":{"role":"candidate"}}]}]}"#,
        r#"{"then":[{"role":"leader"},{"role":"leader","count":0}]}"#,
    ] {
        let predicate = read(json).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!(serde_json::to_string(&predicate).unwrap(), json);
        assert_eq!(read(json), Ok(predicate));
    }
    assert_eq!(read(r#"{"quiet":false}"#), Ok(Predicate::Not(Box::new(Predicate::Quiet))));
    let number = read(r#"{"field":{"node":"A","path":"term","is":3}}"#);
    assert_eq!(number, read(r#"{"field":{"node":"A","path":"term","is":"3"}}"#));
}

#[test]
fn what_is_no_goal_is_refused_with_what_is_missing() {
    for (json, message) in [
        ("{}", "a goal needs one of these keys: role, field"),
        (r#"{"count":2}"#, "a goal needs one of these keys"),
        (r#"{"role":"leader","quiet":true}"#, "`role` and `quiet` cannot stand in one goal"),
        (r#"{"quiet":true,"count":2}"#, "belong to `role` or `fault`, not to `quiet`"),
        (r#"{"role":"leader","count":2,"at-most":3}"#, "write either `count`"),
        (r#"{"role":"leader","at-least":3,"at-most":2}"#, "the smaller number first"),
        (r#"{"field":{"node":"A","path":"x"}}"#, "exactly one of: is, is-not"),
        (r#"{"field":{"node":"A","path":"x","is":1,"at-most":2}}"#, "exactly one of: is, is-not"),
        (r#"{"field":{"node":"A","is":1}}"#, "missing field `path`"),
        (r#"{"before":"2"}"#, "`2` is not a time"),
        (r#"{"fault":"crahs"}"#, "there is no fault `crahs`; write any, or one of: deliver"),
        (r#"{"all":[]}"#, "`all` needs at least one part"),
        (r#"{"then":[]}"#, "`then` needs at least one part"),
        (r#"{"rol":"leader"}"#, "unknown field `rol`, expected one of `role`"),
        (r#"{"all":[{"rol":"leader"}]}"#, "unknown field `rol`"),
    ] {
        let error = read(json).expect_err(json);
        assert!(error.contains(message), "{json}: {error}");
    }
}

#[test]
fn goals_have_an_end() {
    let nest =
        |depth: usize| format!("{}{}{}", r#"{"not":"#.repeat(depth), r#"{"quiet":true}"#, "}".repeat(depth));
    assert!(read(&nest(Predicate::MAX_DEPTH - 1)).is_ok());
    assert!(read(&nest(Predicate::MAX_DEPTH)).unwrap_err().contains("nested 12 deep"));
    assert!(read(&nest(100_000)).is_err());
    let wide = |parts: usize| format!(r#"{{"all":[{}]}}"#, vec![r#"{"quiet":true}"#; parts].join(","));
    assert!(read(&wide(Predicate::MAX_PARTS - 1)).is_ok());
    assert!(read(&wide(Predicate::MAX_PARTS)).unwrap_err().contains("200 parts"));
}

#[test]
fn goals_read_as_sentences() {
    let cast = Cast::servers_and_clients(3, 1);
    for (json, sentence) in [
        (r#"{"role":"leader"}"#, "At least one node is leader"),
        (r#"{"role":"leader","count":0}"#, "No node is leader"),
        (r#"{"role":"leader","count":1}"#, "Exactly one node is leader"),
        (r#"{"role":"leader","count":2}"#, "Exactly 2 nodes are leader"),
        (r#"{"role":"leader","at-least":2,"at-most":3}"#, "2 to 3 nodes are leader"),
        (r#"{"field":{"node":"s1","path":"log.3.term","at-least":2}}"#, "S1’s log.3.term is at least 2"),
        (r#"{"field":{"node":"C1","path":"operation","is":"open"}}"#, "C1’s last operation is open"),
        (
            r#"{"operation":{"process":"c1","call":"write x=1","result":"ok"}}"#,
            "An operation “write x=1” by C1 is answered “ok”",
        ),
        (r#"{"operation":{"result":"open"},"count":2}"#, "Exactly 2 operations are without an answer"),
        (r#"{"operation":{}}"#, "An operation is asked for"),
        (r#"{"fault":"crash"}"#, "At least 1 fault “crash” is used"),
        (r#"{"fault":"any","at-most":2}"#, "At most 2 faults of any kind are used"),
        (r#"{"fault":"drop","count":0}"#, "No fault “drop” is used"),
        (r#"{"in-flight":{"from":"S1","kind":"AppendEntries"}}"#, "An AppendEntries from S1 is in flight"),
        (r#"{"in-flight":{}}"#, "A message is in flight"),
        (r#"{"quiet":true}"#, "Nothing is in flight and nothing waits"),
        (r#"{"before":"2s"}"#, "It is earlier than 2s"),
        (r#"{"within":{"events":1,"faults":2}}"#, "No more than 1 event and 2 faults are needed"),
        (
            r#"{"all":[{"violated":"x"},{"any":[{"quiet":true},{"after":"1s"}]},{"holds":"y"}]}"#,
            "The property x is violated, (either nothing is in flight and nothing waits or it is 1s or \
             later), and the property y holds",
        ),
        (r#"{"not":{"holds":"y"}}"#, "It is not so that the property y holds"),
    ] {
        assert_eq!(read(json).unwrap().describe(&cast), sentence, "{json}");
    }
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_knows_every_key() {
    let schema = serde_json::to_value(schemars::schema_for!(Predicate)).unwrap();
    let keys: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    for key in ["role", "field", "in-flight", "within", "then", "at-least"] {
        assert!(keys.iter().any(|known| *known == key), "{key}: {schema:#}");
    }
    assert_eq!(schema["additionalProperties"], serde_json::json!(false));
}
