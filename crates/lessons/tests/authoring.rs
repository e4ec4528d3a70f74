//! The examples of `docs/authoring.md` are lessons, and the published schemas accept what lessons say.

#[path = "schema/mod.rs"]
mod judge;

use faultline_lessons::{check, compile, content, schema};
use serde_json::Value;

const GUIDE: &str = include_str!("../../../docs/authoring.md");

/// What stands between the fences of four backticks.
fn examples() -> Vec<&'static str> {
    let pieces: Vec<&str> = GUIDE.split("\n````").collect();
    assert!(pieces.len() % 2 == 1, "every fence is closed");
    let examples = pieces.into_iter().skip(1).step_by(2);
    examples.map(|piece| piece.strip_prefix("markdown\n").expect("an example in Markdown")).collect()
}

/// The first example, whole; the others are blocks that stand in its second step.
fn whole() -> &'static str {
    examples()[0]
}

#[test]
fn the_lesson_of_the_guide_passes_every_gate() {
    let lesson = compile("docs/authoring.md", whole()).unwrap_or_else(|error| panic!("{error}"));
    let report = check::check(&lesson);
    assert!(report.passed(), "{report}");
    assert!(report.findings.len() > 40, "it was played: {report}");
}

#[test]
fn the_blocks_of_the_guide_can_stand_in_a_lesson() {
    let fragments = &examples()[1..];
    assert!(fragments.len() >= 2);
    let front = whole().split("\n## ").next().expect("front matter");
    for fragment in fragments {
        let text = format!("{front}\n## A step\n\nText.\n\n{fragment}\n");
        compile("docs/authoring.md", &text).unwrap_or_else(|error| panic!("{error}\n{fragment}"));
    }
}

#[test]
fn the_goal_of_the_guide_costs_what_it_says_and_resists() {
    let goal = examples().into_iter().find(|example| example.contains("forgotten-vote")).expect("an example");
    let stage = "```stage\nset: { persist-vote: off }\npalette: [crash, restart]\n```\n";
    // In place of the lesson's own goal.
    let (before, rest) = whole().split_once("```goal\n").expect("a goal");
    let (_, after) = rest.split_once("\n```\n").expect("its end");
    let before = before.replace("```stage\npalette: [drop, delay]\n```\n", stage);
    let (before, _) = before.rsplit_once("```before\n").expect("a run of its own");
    let text = format!("{before}{goal}\n{after}");
    let lesson = compile("docs/authoring.md", &text).unwrap_or_else(|error| panic!("{error}"));
    let report = check::check(&lesson);
    let of_goal = || report.findings.iter().filter(|finding| finding.what.contains("forgotten-vote"));
    assert!(of_goal().count() >= 5 && of_goal().all(|finding| finding.passed), "{report}");
}

#[test]
fn the_pairs_of_the_guide_are_what_they_say() {
    let matching = examples().into_iter().find(|example| example.contains("```match")).expect("an example");
    let (before, rest) = whole().split_once("```predict\n").expect("a prediction");
    let (_, after) = rest.split_once("\n```\n").expect("its end");
    let text = format!("{before}{matching}\n{after}");
    let lesson = compile("docs/authoring.md", &text).unwrap_or_else(|error| panic!("{error}"));
    let report = check::check(&lesson);
    let pairs = report.findings.iter().filter(|finding| finding.what.contains("” makes “"));
    assert!(report.passed() && pairs.count() >= 9, "{report}");
}

#[test]
fn the_guide_names_every_field_and_block() {
    for (block, schema) in schema().as_object().expect("blocks by name") {
        assert!(GUIDE.contains(&format!("`{block}`")) || block == "front", "block {block}");
        let fields = schema["properties"].as_object().expect("fields by name");
        for field in fields.keys() {
            let named = GUIDE.contains(&format!("`{field}`")) || GUIDE.contains(&format!("{field}:"));
            assert!(named, "field {field} of {block}");
        }
    }
    for verb in faultline_lessons::Verb::ALL {
        let word = serde_json::to_value(verb).expect("a word");
        assert!(GUIDE.contains(&format!("`{}`", word.as_str().expect("a word"))), "{word}");
    }
}

#[test]
fn every_protocol_says_what_it_assumes_and_leaves_out() {
    let guide = include_str!("../../../docs/model.md");
    let sections: Vec<&str> = guide.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(sections[0], "Every run");
    assert!(sections[1..].is_sorted(), "in the order of their slugs: {sections:?}");
    for entry in faultline_lessons::catalogue::protocols() {
        assert!(sections.contains(&entry.slug), "{} has no section", entry.slug);
    }
    for slug in &sections[1..] {
        assert!(faultline_lessons::catalogue::find(slug).is_ok(), "{slug} is no protocol");
    }
}

/// YAML as JSON.
fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The front matter and the fenced blocks of a lesson file, each with the name of its schema.
fn parts(text: &str) -> Vec<(String, Value)> {
    let (front, body) =
        text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).expect("front");
    let mut parts = vec![("front".to_owned(), yaml(front))];
    let pieces: Vec<&str> = body.split("\n```").collect();
    for piece in pieces.into_iter().skip(1).step_by(2) {
        let (name, content) = piece.split_once('\n').unwrap_or((piece, ""));
        if !["before", "script", "explain"].contains(&name) {
            parts.push((name.to_owned(), yaml(content)));
        }
    }
    parts
}

#[test]
fn the_published_schemas_accept_every_lesson() {
    let schemas = schema();
    let mut looked_at = 0;
    for (file, text) in content::FILES.iter().copied().chain([("docs/authoring.md", whole())]) {
        for (name, value) in parts(text) {
            let schema = schemas.get(&name).unwrap_or_else(|| panic!("{file}: no schema for {name}"));
            if let Err(why) = judge::judge(schema, &value) {
                panic!("{file}, {name}: {why}\n{value:#}");
            }
            looked_at += 1;
        }
    }
    assert!(looked_at > 100, "{looked_at}");
}

#[test]
fn the_published_schemas_refuse_what_the_compiler_refuses() {
    let schemas = schema();
    let (_, front) = parts(whole()).swap_remove(0);
    judge::judge(&schemas["front"], &front).expect("it is right as it is");
    let spoilt = |field: &str, value: Value| {
        let mut front = front.clone();
        front[field] = value;
        judge::judge(&schemas["front"], &front).is_err()
    };
    assert!(spoilt("chapter", Value::from("six")));
    assert!(spoilt("palette", Value::from(vec!["smash"])));
    assert!(spoilt("layout", Value::from("circle")));
    assert!(spoilt("minuets", Value::from(5)), "an unknown field");
    let goal = yaml("{ id: g, text: t, predicate: { rolle: leader }, hints: [], solution: s, wrong: w }");
    assert!(judge::judge(&schemas["goal"], &goal).is_err(), "an unknown predicate");
    assert!(judge::judge(&schemas["goal"], &yaml("{ id: g }")).is_err(), "fields are missing");
}

#[test]
fn the_schemas_are_published_as_they_are() {
    let pages = faultline_lessons::pages().expect("every lesson is a page");
    let home = pages.iter().find(|page| page.path.is_empty()).expect("a home page");
    for (name, schema) in schema().as_object().expect("blocks by name") {
        let file = format!("schema/{name}.json");
        let (_, bytes) =
            home.data.iter().find(|(other, _)| *other == file).unwrap_or_else(|| panic!("{file}"));
        let published: Value = serde_json::from_slice(bytes).expect("JSON");
        assert_eq!(&published, schema, "{file}");
    }
}
