//! `cargo xtask new-protocol` and `new-lesson`: a start that compiles, and a test that fails until
//! the work is done.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::shell::root;

const PROTOCOL: &str = include_str!("../templates/protocol.rs");
const PROTOCOL_TEST: &str = include_str!("../templates/protocol_test.rs");
const LESSON: &str = include_str!("../templates/lesson.md");

/// The template is compiled here, so that it follows the model when that changes.
#[cfg(test)]
#[path = "../templates/protocol.rs"]
#[allow(non_camel_case_types, dead_code)]
mod template;

/// `cargo xtask new-protocol`.
pub fn protocol(slug: &str) -> Result<()> {
    let name = Name::of(slug)?;
    let crate_dir = root().join("crates/protocols");
    let module = &name.module;
    let source = format!("crates/protocols/src/{module}.rs");
    let test = format!("crates/protocols/tests/{module}.rs");
    create(&source, &name.put_into(PROTOCOL))?;
    create(&test, &name.put_into(PROTOCOL_TEST))?;
    let lib = crate_dir.join("src/lib.rs");
    let listed = fs::read_to_string(&lib)?;
    fs::write(&lib, with_module(&listed, module).context("crates/protocols/src/lib.rs lists no module")?)?;
    println!(
        "\nWhat to do next:\n\
        1. `cargo test -p faultline-protocols --test {module}` fails: the rule LEARN is named and not applied.\n\
        2. Write the state, the messages and the rules in {source}, each with its section of the paper.\n\
        3. Give every rule a switch among the knobs, and every promise a property.\n\
        4. Add it to the list at the top of crates/lessons/src/catalogue.rs: from then on it has a page,\n   \
           sandbox/{slug}/, and the command line knows it."
    );
    Ok(())
}

/// `cargo xtask new-lesson`.
pub fn lesson(chapter: &str, slug: &str) -> Result<()> {
    let name = Name::of(slug)?;
    let number = chapter_number(chapter).with_context(|| {
        format!("{chapter:?} is no chapter: write the name of a folder such as 06-agreement")
    })?;
    let file = format!("crates/lessons/content/{chapter}/{slug}.md");
    create(&file, &name.put_into(LESSON).replace("__chapter__", &number.to_string()))?;
    println!(
        "\nWhat to do next:\n\
        1. List it in crates/lessons/src/content.rs and say how many steps it has in crates/lessons/src/course.rs;\n   \
           give it the id that stands there.\n\
        2. `cargo test -p faultline-lessons --all-features` fails: the goal's solution does not reach it yet.\n\
        3. Write {file}: the hook, the prediction, the run, the goal and its solution.\n\
        4. `cargo run -p faultline-cli -- verify {slug}` says which gates it does not pass."
    );
    Ok(())
}

/// The 6 of `06-agreement`.
fn chapter_number(folder: &str) -> Option<u8> {
    let (number, name) = folder.split_once('-')?;
    Name::of(name).ok()?;
    number.parse().ok().filter(|number| (1..=9).contains(number) && folder.starts_with('0'))
}

/// One name in the spellings that a file needs.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    /// `two-phase-commit`
    slug: String,
    /// `two_phase_commit`
    module: String,
    /// `TwoPhaseCommit`
    type_name: String,
    /// `Two phase commit`
    title: String,
}

impl Name {
    fn of(slug: &str) -> Result<Name> {
        let words: Vec<&str> = slug.split('-').collect();
        let is_word = |word: &&str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        ensure!(
            words.iter().all(is_word) && slug.starts_with(|c: char| c.is_ascii_lowercase()),
            "{slug:?} is no slug: write lower-case words joined by hyphens, such as two-phase-commit"
        );
        Ok(Name {
            slug: slug.to_owned(),
            module: words.join("_"),
            type_name: words.iter().map(|word| capital(word)).collect(),
            title: capital(&words.join(" ")),
        })
    }

    fn put_into(&self, template: &str) -> String {
        template
            .replace("__slug__", &self.slug)
            .replace("__module__", &self.module)
            .replace("__Name__", &self.type_name)
            .replace("__Title__", &self.title)
    }
}

fn capital(word: &str) -> String {
    word[..1].to_ascii_uppercase() + &word[1..]
}

fn create(file: &str, content: &str) -> Result<()> {
    let path = root().join(file);
    ensure!(!path.exists(), "{file} exists: choose another slug, or edit that file");
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    fs::write(&path, content).with_context(|| format!("cannot write {file}"))?;
    println!("  wrote {file}");
    Ok(())
}

/// The file with one more `pub mod`, in its place in the alphabet.
fn with_module(lib: &str, module: &str) -> Option<String> {
    let line = format!("pub mod {module};");
    let mut lines: Vec<&str> = lib.lines().collect();
    let is_module = |text: &str| text.starts_with("pub mod ") && text.ends_with(';');
    let after = lines.iter().rposition(|text| is_module(text) && *text < line.as_str());
    let first = lines.iter().position(|text| is_module(text));
    let at = after.map(|at| at + 1).or(first)?;
    lines.insert(at, &line);
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_gives_every_spelling() {
        let name = Name::of("two-phase-commit").unwrap();
        assert_eq!(name.module, "two_phase_commit");
        assert_eq!(name.type_name, "TwoPhaseCommit");
        assert_eq!(name.title, "Two phase commit");
        for wrong in ["", "Raft", "two--phase", "2pc", "a_b", "a/b", "../a"] {
            assert!(Name::of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn templates_leave_no_mark_behind() {
        let name = Name::of("raft").unwrap();
        for template in [PROTOCOL, PROTOCOL_TEST] {
            assert!(!name.put_into(template).contains("__"), "{template}");
        }
    }

    #[test]
    fn a_chapter_is_a_folder_with_its_number() {
        assert_eq!(chapter_number("06-agreement"), Some(6));
        for wrong in ["agreement", "6-agreement", "00-none", "06", "06-../x"] {
            assert_eq!(chapter_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn modules_are_listed_in_order() {
        let lib = "//! Top.\n\npub mod b;\npub mod d;\n";
        assert_eq!(with_module(lib, "a").unwrap(), "//! Top.\n\npub mod a;\npub mod b;\npub mod d;\n");
        assert_eq!(with_module(lib, "c").unwrap(), "//! Top.\n\npub mod b;\npub mod c;\npub mod d;\n");
        assert_eq!(with_module(lib, "e").unwrap(), "//! Top.\n\npub mod b;\npub mod d;\npub mod e;\n");
        assert_eq!(with_module("//! Top.\n", "a"), None);
    }
}
