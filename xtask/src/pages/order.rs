//! The order of functions in the program, so that it packs well.
//!
//! gzip finds what it has seen within the last 32 KB. The copies that Rust makes of a generic function
//! are much alike and lie far apart. Put side by side, the same code packs a good twelfth smaller. The
//! order of functions means nothing to a program.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_encoder::{Module, NameMap, NameSection, RawSection, Section};
use wasmparser::{Parser, Payload, TypeRef};

use crate::shell::{self, find, program};

/// What the program may use of WebAssembly: what the compiler uses by default. More, such as
/// wasm-opt's `--all-features`, has it write what browsers refuse.
pub const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-reference-types",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
];

/// Reorders the functions of a program.
pub fn functions(path: &Path) -> Result<()> {
    reorder(path).with_context(|| format!("ordering the functions of {}", path.display()))
}

/// Gives each function its place as its name, has wasm-opt sort by name, and drops the names.
fn reorder(path: &Path) -> Result<()> {
    let mut wasm = fs::read(path)?;
    let (imports, bodies) = functions_of(&wasm)?;
    let mut places = vec![0; bodies.len()];
    for (place, function) in chain(&bodies).into_iter().enumerate() {
        places[function] = place;
    }
    let mut names = NameMap::new();
    for import in 0..imports {
        names.append(import, &format!("import{import:07}"));
    }
    for (index, place) in (imports..).zip(&places) {
        names.append(index, &format!("place{place:07}"));
    }
    let mut section = NameSection::new();
    section.functions(&names);
    section.append_to(&mut wasm);
    let named = path.with_extension("named.wasm");
    fs::write(&named, wasm)?;

    let wasm_opt = find("wasm-opt").context("run `cargo xtask setup` first")?;
    let mut command = program(wasm_opt);
    command.args(FEATURES).args(["--debuginfo", "--reorder-functions-by-name", "-o"]);
    shell::run(command.arg(path).arg(&named))?;
    fs::remove_file(named)?;
    fs::write(path, without_names(&fs::read(path)?)?)?;
    Ok(())
}

/// The same program without its names, which `--debuginfo` made wasm-opt keep.
fn without_names(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let is_names = matches!(&payload, Payload::CustomSection(section) if section.name() == "name");
        if let Some((id, range)) = payload.as_section().filter(|_| !is_names) {
            module.section(&RawSection { id, data: &wasm[range] });
        }
    }
    Ok(module.finish())
}

/// How many functions are imported, and the code of the others.
fn functions_of(wasm: &[u8]) -> Result<(u32, Vec<&[u8]>)> {
    let (mut imports, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imports += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    Ok((imports, bodies))
}

/// How many values describe a function.
const VALUES: usize = 64;
/// How many bytes in a row count as a word.
const WORD: usize = 4;

/// A sketch of the set of words in some code: the share of equal values is about the share of common
/// words (MinHash; Broder, On the resemblance and containment of documents, 1997).
type Sketch = [u32; VALUES];

fn sketch(code: &[u8]) -> Sketch {
    let mut least = [u32::MAX; VALUES];
    for word in code.windows(WORD) {
        let word = u64::from(u32::from_le_bytes(word.try_into().expect("four bytes")));
        for (number, least) in (1u64..).zip(&mut least) {
            *least = (*least).min((mixed(word + (number << 32)) >> 32) as u32);
        }
    }
    least
}

/// SplitMix64's mixing.
fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// An order in which each function follows the one that it is most like, the longest first.
fn chain(bodies: &[&[u8]]) -> Vec<usize> {
    let sketches: Vec<Sketch> = bodies.iter().map(|body| sketch(body)).collect();
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    left.sort_by_key(|&function| (std::cmp::Reverse(bodies[function].len()), function));
    let mut order = Vec::with_capacity(bodies.len());
    let mut next = if left.is_empty() { None } else { Some(0) };
    while let Some(place) = next {
        order.push(left.remove(place));
        next = most_like(&left, &order, &sketches, bodies);
    }
    order
}

/// Which of those left is most like the last ones in the order; of equals, the one nearest in length.
fn most_like(left: &[usize], order: &[usize], sketches: &[Sketch], bodies: &[&[u8]]) -> Option<usize> {
    let recent: Vec<&Sketch> = order.iter().rev().take(3).map(|&function| &sketches[function]).collect();
    let length = bodies[*order.last()?].len();
    let likeness = |function: usize| {
        let own = &sketches[function];
        let common = |value: usize| {
            let found = recent.iter().position(|other| other[value] == own[value]);
            found.map_or(0, |ago| recent.len() - ago)
        };
        let common: usize = (0..VALUES).map(common).sum();
        (common, std::cmp::Reverse(bodies[function].len().abs_diff(length)))
    };
    let mut best = None;
    for (place, &function) in left.iter().enumerate() {
        let likeness = likeness(function);
        if best.is_none_or(|(_, most)| likeness > most) {
            best = Some((place, likeness));
        }
    }
    best.map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_come_to_stand_side_by_side() {
        let code = |seed: u64| -> Vec<u8> { (0..200u64).map(|i| mixed(seed * 1_000 + i) as u8).collect() };
        let near = |body: &[u8]| {
            let mut body = body.to_vec();
            body[100] ^= 1;
            body
        };
        let [one, two, three] = [code(1), code(2), code(3)];
        let bodies = [one.clone(), two.clone(), three.clone(), near(&one), near(&three), near(&two)];
        let order = chain(&bodies.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3, 4, 5], "each function once");
        for pair in [[0, 3], [1, 5], [2, 4]] {
            let place = |function| order.iter().position(|&other| other == function).expect("it is there");
            assert_eq!(place(pair[0]).abs_diff(place(pair[1])), 1, "{order:?}");
        }
    }

    #[test]
    fn a_program_loses_its_names_and_nothing_else() -> Result<()> {
        let mut types = wasm_encoder::TypeSection::new();
        types.ty().function([], []);
        let mut names = NameMap::new();
        names.append(0, "place0000000");
        let mut section = NameSection::new();
        section.functions(&names);
        let mut module = Module::new();
        module.section(&types);
        let bare = module.clone().finish();
        module.section(&section);
        assert_eq!(without_names(&module.finish())?, bare);
        Ok(())
    }

    #[test]
    fn code_shorter_than_a_word_has_its_place() {
        assert_eq!(chain(&[b"ab", b"abcdef"]), [1, 0]);
        assert_eq!(chain(&[]), [0; 0]);
    }
}
