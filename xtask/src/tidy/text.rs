//! Rules about what stands in a file.

use super::Finding;

const MAX_FILE_LINES: usize = 400;
const MAX_FUNCTION_LINES: usize = 70;

/// Spelled in two parts, or this file would break its own rules.
const UNFINISHED: &[&str] = &[
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("dbg", "!("),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
];

/// The lint that only one file may allow: what it says of the cut, Rust counts as unsafe.
const UNSAFETY: &str = concat!("unsafe", "_code");
const MAY_ALLOW_UNSAFETY: &str = "crates/chunk/src/lib.rs";

/// Places on somebody's machine, and servers that a lock file must not name.
const PLACES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/tm", "p/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("registry.npm", "js"),
    concat!("index.cra", "tes.io"),
];

/// Where the order of iteration decides what happens next.
const DETERMINISTIC: &[&str] = &["crates/model/", "crates/sim/", "crates/protocols/"];

/// Everything that one file breaks.
pub fn check(file: &str, content: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    places(file, content, &mut findings);
    if file.ends_with(".rs") {
        length(file, content, &mut findings);
        functions(file, content, &mut findings);
        unfinished(file, content, &mut findings);
        top_comment(file, content, &mut findings);
        unsafety(file, content, &mut findings);
    }
    if file.ends_with(".rs") && DETERMINISTIC.iter().any(|folder| file.starts_with(folder)) {
        hashing(file, content, &mut findings);
    }
    if is_styled(file) {
        colours(file, content, &mut findings);
    }
    findings
}

fn add(findings: &mut Vec<Finding>, file: &str, line: usize, what: impl Into<String>) {
    findings.push(Finding { file: file.to_owned(), line, what: what.into() });
}

fn length(file: &str, content: &str, findings: &mut Vec<Finding>) {
    let lines = content.lines().count();
    if lines > MAX_FILE_LINES {
        add(
            findings,
            file,
            MAX_FILE_LINES + 1,
            format!("{lines} lines: split it, {MAX_FILE_LINES} is the limit"),
        );
    }
}

/// rustfmt puts a function's closing brace on a line of its own, exactly below where its first line
/// begins: no parser is needed to measure it.
fn functions(file: &str, content: &str, findings: &mut Vec<Finding>) {
    let lines: Vec<&str> = content.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else {
            continue;
        };
        let indent = &line[..line.len() - line.trim_start().len()];
        let end = lines[at..].iter().position(|line| line.strip_prefix(indent).is_some_and(ends_function));
        let Some(length) = end.map(|end| end + 1) else {
            continue;
        };
        if length > MAX_FUNCTION_LINES {
            let what = format!("fn {name} has {length} lines: split it, {MAX_FUNCTION_LINES} is the limit");
            add(findings, file, at + 1, what);
        }
    }
}

/// A closing brace alone, or a signature that ends on the line: without a body or with all of it.
fn ends_function(rest: &str) -> bool {
    rest == "}"
        || (function_name(rest).is_some() && (rest.ends_with(';') || rest.ends_with('}')))
        || rest.starts_with(") ") && rest.ends_with(';')
        || rest == ");"
}

fn function_name(line: &str) -> Option<&str> {
    let mut words = line.trim_start();
    loop {
        if let Some(rest) = words.strip_prefix("fn ") {
            let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next();
            // Without one it is the type of a function, or stands in a macro.
            return name.filter(|name| !name.is_empty());
        }
        let (word, rest) = words.split_once(' ')?;
        if !matches!(word, "async" | "const" | "unsafe" | "extern" | "\"C\"") && !word.starts_with("pub") {
            return None;
        }
        words = rest;
    }
}

fn unfinished(file: &str, content: &str, findings: &mut Vec<Finding>) {
    for (line, text) in numbered(content) {
        for word in UNFINISHED.iter().filter(|word| text.contains(**word)) {
            add(findings, file, line, format!("{word} stands for work that is not done"));
        }
    }
}

/// The lint is denied and not forbidden, for the sake of one macro.
fn unsafety(file: &str, content: &str, findings: &mut Vec<Finding>) {
    for (line, text) in numbered(content) {
        if file != MAY_ALLOW_UNSAFETY && text.contains(UNSAFETY) {
            add(findings, file, line, format!("only {MAY_ALLOW_UNSAFETY} may speak of {UNSAFETY}"));
        }
    }
}

fn top_comment(file: &str, content: &str, findings: &mut Vec<Finding>) {
    let is_top = file.ends_with("src/lib.rs") || file.ends_with("src/main.rs");
    if is_top && !content.starts_with("//!") {
        add(findings, file, 1, "begin with a `//!` comment: what the crate owns, what it must never know");
    }
}

fn places(file: &str, content: &str, findings: &mut Vec<Finding>) {
    if file == "Cargo.lock" {
        return;
    }
    for (line, text) in numbered(content) {
        for place in PLACES.iter().filter(|place| names(text, place)) {
            add(findings, file, line, format!("{place} names a place outside this repository"));
        }
        if file.ends_with("package-lock.json") && text.contains("\"resolved\":") {
            add(findings, file, line, "the lock file must not name a server: see e2e/.npmrc");
        }
    }
}

/// Whether it stands there by itself, not as the tail of a longer path.
fn names(text: &str, place: &str) -> bool {
    text.match_indices(place).any(|(at, _)| {
        !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '}' | '>'))
    })
}

fn hashing(file: &str, content: &str, findings: &mut Vec<Finding>) {
    for (line, text) in numbered(content) {
        let code = code(text);
        for name in ["HashMap", "HashSet"].iter().filter(|name| code.contains(**name)) {
            add(findings, file, line, format!("{name} has no order: use a BTree, or runs will differ"));
        }
    }
}

fn is_styled(file: &str) -> bool {
    let source = file.starts_with("src/") && file.ends_with(".rs");
    source || file.starts_with("style/") && file.ends_with(".css") && file != "style/tokens.css"
}

fn colours(file: &str, content: &str, findings: &mut Vec<Finding>) {
    for (line, text) in numbered(content) {
        let code = code(text);
        let function =
            ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch("].into_iter().find(
                |name| code.match_indices(name).any(|(at, _)| !code[..at].ends_with(char::is_alphanumeric)),
            );
        if let Some(colour) = function.or_else(|| hex_colour(code)) {
            add(findings, file, line, format!("the colour {colour} belongs in style/tokens.css"));
        }
    }
}

/// `#abc` to `#aabbccdd`, but neither `#[cfg]` nor the address `#section`.
fn hex_colour(code: &str) -> Option<&str> {
    code.match_indices('#').find_map(|(at, _)| {
        let rest = &code[at + 1..];
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
        let is_hex = rest[..word].bytes().all(|byte| byte.is_ascii_hexdigit());
        let starts = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '&');
        (starts && is_hex && matches!(word, 3 | 4 | 6 | 8)).then(|| &code[at..=at + word])
    })
}

/// The line without its comment: `//` after a colon is an address, and `/*` opens one in CSS.
fn code(text: &str) -> &str {
    let comment = text.match_indices("//").find(|(at, _)| !text[..*at].ends_with(':')).map(|(at, _)| at);
    let end = comment.into_iter().chain(text.find("/*")).min().unwrap_or(text.len());
    &text[..end]
}

fn numbered(content: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(content.lines())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: [usize; 0] = [];

    /// The lines at which a file breaks a rule.
    fn lines(file: &str, content: &str) -> Vec<usize> {
        check(file, content).into_iter().map(|finding| finding.line).collect()
    }

    fn function(body_lines: usize) -> String {
        format!(
            "impl X {{\n    pub fn long(\n        &self,\n    ) {{\n{}    }}\n}}\n",
            "        f();\n".repeat(body_lines)
        )
    }

    #[test]
    fn long_files_and_functions_are_found() {
        assert_eq!(lines("src/a.rs", &"\n".repeat(400)), NOTHING);
        assert_eq!(lines("src/a.rs", &"\n".repeat(401)), [401]);
        assert_eq!(lines("src/a.rs", &function(66)), NOTHING);
        assert_eq!(lines("src/a.rs", &function(67)), [2]);
    }

    #[test]
    fn functions_without_a_body_do_not_borrow_the_next_ones() {
        let required = format!(
            "trait T {{\n    fn a(&self);\n    fn b(\n        &self,\n    ) -> X;\n{}}}\n",
            "    // x\n".repeat(90)
        );
        assert_eq!(lines("src/a.rs", &required), NOTHING);
        assert_eq!(function_name("    pub(crate) async fn step<T>(x: T) {"), Some("step"));
        assert_eq!(function_name("    let f = move |fn_x| x;"), None);
    }

    #[test]
    fn one_file_may_allow_what_rust_counts_as_unsafe() {
        let allows = format!("//! Words.\n#![allow({UNSAFETY})]\n");
        assert_eq!(check("crates/sim/src/lib.rs", &allows).len(), 1);
        assert_eq!(check(MAY_ALLOW_UNSAFETY, &allows), []);
    }

    #[test]
    fn unfinished_work_is_found() {
        for word in UNFINISHED {
            assert_eq!(lines("src/a.rs", &format!("//! a\n{word}\n")), [2], "{word}");
        }
    }

    #[test]
    fn crates_say_what_they_own() {
        assert_eq!(lines("crates/x/src/lib.rs", "use a;\n"), [1]);
        assert_eq!(lines("crates/x/src/lib.rs", "//! Owns x.\n"), NOTHING);
        assert_eq!(lines("crates/x/src/other.rs", "use a;\n"), NOTHING);
    }

    #[test]
    fn places_outside_the_repository_are_found() {
        for place in &PLACES[..5] {
            assert_eq!(lines("README.md", &format!("in {place}main")), [1], "{place}");
            assert_eq!(lines("README.md", &format!("in target{place}main")), NOTHING, "{place}");
        }
        assert_eq!(lines("e2e/package-lock.json", "  \"resolved\": \"x\""), [1]);
    }

    #[test]
    fn hash_maps_are_found_where_order_matters() {
        let code = "use std::collections::HashMap;\n// not a HashMap\n";
        assert_eq!(lines("crates/sim/src/a.rs", code), [1]);
        assert_eq!(lines("crates/cli/src/a.rs", code), NOTHING);
    }

    #[test]
    fn colours_live_with_the_tokens() {
        for colour in ["color: #fff;", "fill=\"#0b62c4\"", "rgb(0 0 0)", "oklch(50% 0 0)", "#12345678"] {
            assert_eq!(lines("style/stage.css", colour), [1], "{colour}");
            assert_eq!(lines("style/tokens.css", colour), NOTHING, "{colour}");
        }
        for other in [
            "#[cfg(test)]",
            "href=\"#s=\"",
            "#stage {",
            "&#123;",
            "// #fff",
            "#added-node",
            "{:#010x}",
            "r#\"a\"#",
        ] {
            assert_eq!(lines("src/a.rs", other), NOTHING, "{other}");
        }
    }
}
