//! Lesson files that are wrong: every error says where, and what would be right.

use faultline_lessons::{Block, Inline, LONGEST_FILE, TermMark, compile, schema};
use proptest::prelude::*;

const FRONT: &str = "---\nid: L99\nslug: a-lesson\ntitle: A lesson\nchapter: 6\nminutes: 7\nsummary: One.\n\
                     objectives: [see]\nprotocol: raft\nseed: 1\nlayout: ring\npalette: [crash]\n---\n";

fn file(body: &str) -> String {
    format!("{FRONT}{body}")
}

/// The error of a body, whose first line is line 14 of the file.
fn error(body: &str) -> String {
    compile("a.md", &file(body)).expect_err("the file is wrong").to_string()
}

#[test]
fn terms_wear_their_marks() {
    let lesson = compile("a.md", &file("## One\n\nA [leader](role:leader) of [term 3](epoch:3).\n")).unwrap();
    let Block::Paragraph(line) = &lesson.steps[0].prose[0] else { panic!("a paragraph") };
    assert_eq!(line[1], Inline::Term { text: "leader".into(), mark: TermMark::Role("leader".into()) });
    assert_eq!(line[3], Inline::Term { text: "term 3".into(), mark: TermMark::Epoch(3) });
}

#[test]
fn errors_point_at_the_place_in_the_file_and_say_what_would_be_right() {
    let cases = [
        ("text\n", "a.md:14:1:", "write `## Title`"),
        ("## One\n\n<b>bold</b>\n", "a.md:16:1:", "HTML"),
        ("## One\n\nA <script>alert(1)</script> b\n", "a.md:16:3:", "HTML"),
        ("## One\n\n[x](javascript:alert(1))\n", "a.md:16:1:", "https://"),
        ("## One\n\n[x](epoch:three)\n", "a.md:16:1:", "epoch:3"),
        ("## One\n\n![x](a.png)\n", "a.md:16:1:", "stage is the picture"),
        ("# One\n", "a.md:14:1:", "level 2"),
        ("## One\n\n```scrip\nrun 5s\n```\n", "a.md:16:1:", "the blocks are: stage"),
        ("## One\n\n```script\nrun 5s\ncrush S2\n```\n", "a.md:18:1:", "crash"),
        ("## One\n\n```stage\nnods: 3\n```\n", "a.md:17:1:", "nodes"),
        ("## One\n\n```critical\nuntil: { rolle: leader }\n```\n", "a.md:17:", "role"),
        (
            "## One\n\n```predict\nquestion: Q\noptions:\n  - text: A\n    feedback: B\n```\n",
            "a.md:17:1:",
            "two to four",
        ),
        (
            "## One\n\n```match\nquestion: Q\npairs:\n  - { cause: A, effect: B, feedback: F, run: { script: run 1s }, shows: expect quiet }\n```\n",
            "a.md:17:1:",
            "3 to 8 pairs, and here are 1",
        ),
        ("## One\n\ntext\n\n## Quiz\n\nmore\n", "a.md:20:1:", "`quiz` blocks"),
        ("## Quiz\n", "a.md:14:1:", "the order is"),
        ("## One\n\n```script\nrun 5s\n```\n\n```script\nrun 5s\n```\n", "a.md:20:1:", "one `script` block"),
    ];
    for (body, place, right) in cases {
        let error = error(body);
        assert!(error.starts_with(place), "{body:?} gives {error:?}, which should begin with {place}");
        assert!(error.contains(right), "{body:?} gives {error:?}, which should say {right:?}");
    }
}

#[test]
fn what_a_matching_says_can_be_told_apart_and_shown() {
    let of = |effect: &str, shows: &str| {
        let pair = |n: usize, effect: &str, shows: &str| {
            format!(
                "  - cause: C{n}\n    effect: {effect}\n    feedback: F\n    run: {{ script: run 1s }}\n    shows: {shows}\n"
            )
        };
        let pairs = pair(1, "E1", "expect quiet") + &pair(2, "E2", "expect quiet") + &pair(3, effect, shows);
        format!("## One\n\n```match\nquestion: Q\npairs:\n{pairs}```\n")
    };
    compile("a.md", &file(&of("E3", "expect quiet"))).unwrap();
    for (effect, shows, place, right) in [
        ("E2", "expect quiet", "a.md:30:13:", "nobody could tell the two apart"),
        ("C1", "expect quiet", "a.md:30:13:", "twice"),
        ("E3", "run 1s", "a.md:33:12:", "lines of `expect` and nothing else"),
        ("E3", "at 1s expect quiet", "a.md:33:12:", "lines of `expect` and nothing else"),
        ("E3", "expct quiet", "a.md:33:12:", "in this script"),
        ("<b>x</b>", "expect quiet", "a.md:30:13:", "HTML"),
    ] {
        let error = error(&of(effect, shows));
        assert!(error.starts_with(place), "{error:?} should begin with {place}");
        assert!(error.contains(right), "{error:?} should say {right:?}");
    }
    let predict = "```predict\nquestion: Q\noptions:\n  - { text: A, right: true, feedback: F }\n  - { text: B, feedback: F }\n```\n";
    let both = of("E3", "expect quiet") + predict;
    assert!(error(&both).contains("either `predict` or `match`"), "{}", error(&both));
    let both = format!("## One\n\n{predict}\n{}", of("E3", "expect quiet").trim_start_matches("## One\n\n"));
    assert!(error(&both).contains("either `predict` or `match`"), "{}", error(&both));
}

#[test]
fn panels_speak_of_nodes_and_rules_that_there_are() {
    let with = |panels: &str| {
        compile(
            "a.md",
            &file("## One\n\ntext\n").replace("layout: ring", &format!("layout: ring\npanels: {panels}")),
        )
    };
    let lesson = with("[{knows: S1}, happened, {code: [{text: vote(), rules: [grant-vote]}]}]").unwrap();
    assert_eq!(lesson.panels.len(), 3);
    for (panels, right) in
        [("[{knows: S9}]", "no such node: S1"), ("[{code: [{text: vote(), rules: [grant]}]}]", "grant-vote")]
    {
        let error = with(panels).unwrap_err().to_string();
        assert!(error.contains("a.md:") && error.contains(right), "{error}");
    }
}

#[test]
fn a_layout_speaks_of_the_nodes_that_there_are() {
    let with = |layout: &str| compile("a.md", &file("## One\n\ntext\n").replace("layout: ring", layout));
    let names = |layout: &str| with(layout).map(|lesson| lesson.layout).unwrap();
    assert_eq!(names("layout: hash-ring").word(), "hash-ring");
    assert_eq!(names("layout: {tiers: [[C1], [S1, S2], [S3, S4, S5]]}").word(), "tiers");
    let map = "layout:\n  regions:\n    - {name: Europe, nodes: [S1, S2], at: [20, 30]}\n    \
               - {name: Asia, nodes: [S3, S4, S5], at: [80, 30]}";
    assert_eq!(names(map).word(), "regions");
    for (layout, right) in [
        ("layout: circle", "hash-ring"),
        ("layout: {tiers: [[S1, S9]]}", "no such node: the nodes are S1, S2"),
        ("layout: {tiers: [[S1, S2]]}", "no place for `S3`"),
        ("layout: {regions: [{name: Asia, nodes: [S1, S1, S2, S3, S4, S5]}]}", "in two places"),
        ("layout: {free: [{node: S1, x: 2000, y: 0}]}", "between 0 and 1000"),
        ("layout: {regions: [{name: Asia, nods: [S1]}]}", "nodes"),
    ] {
        let error = with(layout).expect_err(layout).to_string();
        assert!(error.starts_with("a.md:11:"), "{layout:?} gives {error:?}");
        assert!(error.contains(right), "{layout:?} gives {error:?}, which should say {right:?}");
    }
}

#[test]
fn errors_within_yaml_strings_point_at_the_string() {
    let body = "## One\n\n```goal\nid: g\ntext: a <b>x</b>\npredicate: { quiet: true }\nhints: [h]\n\
                solution: run 1s\nwrong: run 1s\n```\n";
    assert!(error(body).starts_with("a.md:18:7:"), "{}", error(body));
    let body = body.replace("a <b>x</b>", "fine").replace("solution: run 1s", "solution: rum 1s");
    assert!(error(&body).starts_with("a.md:21:11:"), "{}", error(&body));
    assert!(error(&body).contains("run"), "{}", error(&body));
}

#[test]
fn front_matter_is_checked() {
    let with = |from: &str, to: &str| {
        let text = file("## One\n\ntext\n").replace(from, to);
        compile("a.md", &text).expect_err("the front matter is wrong").to_string()
    };
    assert!(with("slug: a-lesson", "slug: A lesson").starts_with("a.md:3:7:"));
    assert!(with("chapter: 6", "chapter: 12").contains("1 to 9"));
    assert!(with("protocol: raft", "protocol: raftt").contains("unreliable-link"));
    assert!(with("seed: 1", "seed: 1\nset: { electionmax: 1s }").contains("election-max"));
    assert!(with("seed: 1", "seed: 1\nknobs: [electionmax]").contains("election-max"));
    assert!(with("layout: ring", "layout: square").contains("ring"));
    assert!(with("palette: [crash]", "palette: [smash]").contains("crash"));
    assert!(with("title: A lesson\n", "").contains("title"));
    assert!(with("seed: 1", "seed: 9007199254740992").contains("up to"));
    assert!(with("seed: 1", "seed: 1\nprerequisites: [nothing]").contains("lost-message"));
    let unmeasured = with("seed: 1", "seed: 1\nexperiments: [raft-figure-61]");
    assert!(unmeasured.starts_with("a.md:11:15:") && unmeasured.contains("raft-figure-16"), "{unmeasured}");
    assert!(with("seed: 1", "seed: one").contains("whole number"));
    assert!(with("id: L99", "id: [a]").contains("write text"));
    assert!(compile("a.md", "no front").unwrap_err().message.contains("---"));
    assert!(compile("a.md", "---\nid: x\n").unwrap_err().message.contains("no end"));
}

#[test]
fn sizes_are_bounded() {
    let long = file(&format!("## One\n\n{}\n", "word ".repeat(LONGEST_FILE / 5)));
    assert!(compile("a.md", &long).unwrap_err().message.contains("at most"));
    let many = file(&format!("## One\n\n{}", "text\n\n".repeat(600)));
    assert!(compile("a.md", &many).unwrap_err().message.contains("parts"));
    let deep = file(&format!("## One\n\n{}x{}\n", "*a ".repeat(20), "*".repeat(20)));
    assert!(compile("a.md", &deep).unwrap_err().message.contains("deep"));
    // Aliases that would grow without bound.
    let mut bomb = "## One\n\n```stage\nset:\n  a: &a [x, x]\n".to_owned();
    for i in 0..40 {
        let (last, next) = (if i == 0 { "a".to_owned() } else { format!("a{i}") }, i + 1);
        bomb.push_str(&format!("  b{next}: &a{next} [*{last}, *{last}]\n"));
    }
    bomb.push_str("```\n");
    assert!(compile("a.md", &file(&bomb)).is_err());
}

/// What `cargo xtask new-lesson` writes: it compiles, and the gates then say what is still to be done.
#[test]
fn the_template_for_new_lessons_compiles() {
    let template = include_str!("../../../xtask/templates/lesson.md");
    let text =
        template.replace("__slug__", "a-lesson").replace("__Title__", "A lesson").replace("__chapter__", "1");
    let lesson = compile("template.md", &text).unwrap_or_else(|error| panic!("{error}"));
    let report = faultline_lessons::check::check(&lesson);
    let failures: Vec<&str> = report.failures().map(|finding| finding.what.as_str()).collect();
    assert_eq!(failures, ["step 2 (Your turn), goal one-is-lost, solution", "the quiz"], "{report}");
}

#[test]
fn the_schema_covers_every_block() {
    let schema = schema();
    let blocks: Vec<&String> = schema.as_object().unwrap().keys().collect();
    for block in
        ["front", "stage", "predict", "match", "critical", "observe", "contrast", "goal", "quiz", "source"]
    {
        assert!(blocks.iter().any(|name| *name == block), "{block}");
    }
    let goal = &schema["goal"];
    assert!(
        goal["properties"]["par"].is_object() && goal["required"].as_array().unwrap().len() >= 5,
        "{goal}"
    );
}

/// Pieces that lessons are made of, and pieces that they must not be made of.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("## One\n\n".to_owned()),
        Just("```goal\n".to_owned()),
        Just("```\n".to_owned()),
        Just("```script\nrun 5s\n```\n".to_owned()),
        Just("id: g\n".to_owned()),
        Just("predicate: { all: [ { role: leader } ] }\n".to_owned()),
        Just("## Quiz\n\n".to_owned()),
        Just("<b>".to_owned()),
        Just("[a](b:c)".to_owned()),
        Just("*".to_owned()),
        Just("  - &a *a\n".to_owned()),
        Just("$x$".to_owned()),
        "\\PC{0,12}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_makes_the_compiler_panic(pieces in prop::collection::vec(piece(), 0..24)) {
        let text = file(&pieces.concat());
        if let Err(error) = compile("a.md", &text) {
            prop_assert!(text.get(error.span.clone()).is_some(), "the span {:?} is no part of the file", error.span);
            prop_assert!(error.line >= 1 && error.column >= 1 && !error.message.is_empty());
        }
    }

    #[test]
    fn a_damaged_lesson_is_an_error_or_a_lesson(at in 0usize..20_000, junk in "\\PC{0,6}") {
        let (_, text) = faultline_lessons::content::FILES[0];
        let mut cut = at.min(text.len());
        while !text.is_char_boundary(cut) { cut -= 1; }
        let damaged = format!("{}{junk}{}", &text[..cut], &text[cut..]);
        let _ = compile("a.md", &damaged);
    }
}
