//! `cargo xtask size`: what a visitor downloads, and which crates the program comes from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::shell::{self, find, program, root, target_dir};

/// `cargo xtask size`, of the last release build.
pub fn run() -> Result<()> {
    let dist = root().join("dist");
    ensure!(dist.is_dir(), "dist/ is missing: run `cargo xtask build --release` first");
    let sizes = downloads(&dist)?;
    by_crate(sizes)
}

fn downloads(dist: &Path) -> Result<usize> {
    let mut files = Vec::new();
    walk(dist, &mut files)?;
    files.sort();
    let mut sizes = Vec::new();
    for path in files {
        let content = fs::read(&path)?;
        sizes.push((path.strip_prefix(dist)?.to_owned(), content.len(), gzip(&content)));
    }
    let lessons: Vec<&Path> = sizes
        .iter()
        .map(|(path, ..)| path.as_path())
        .filter(|path| path.starts_with("lesson") && path.ends_with("index.html"))
        .collect();
    let mut pages = Vec::new();
    for lesson in lessons {
        let document = fs::read_to_string(dist.join(lesson))?;
        let needed = |path: &Path| path.parent() == lesson.parent() || is_loaded(path, &document);
        let total: usize = sizes.iter().filter(|(path, ..)| needed(path)).map(|(.., packed)| packed).sum();
        pages.push((total, lesson, document));
    }
    pages.sort();
    let (total, lesson, document) = pages.last().context("no lesson page in dist/")?;

    println!("{:>9} {:>9}  file (* needed until the heaviest lesson can be played)", "bytes", "gzip");
    let mut program = 0;
    for (path, bytes, packed) in &sizes {
        let needed = path.parent() == lesson.parent() || is_loaded(path, document);
        if needed && path.to_string_lossy().ends_with("_bg.wasm") {
            program = *packed;
        }
        println!("{bytes:>9} {packed:>9} {} {}", if needed { '*' } else { ' ' }, path.display());
    }
    for (total, lesson, _) in &pages {
        println!("{:>9} {total:>9}  to play {}", "", lesson.display());
    }
    let code = |path: &Path| {
        path.extension()
            .is_some_and(|extension| extension == "wasm" || extension == "js" || extension == "css")
    };
    let all: usize = sizes.iter().filter(|(path, ..)| code(path)).map(|(.., packed)| packed).sum();
    println!("{:>9} {total:>9}  to play the heaviest lesson", "");
    println!("{:>9} {all:>9}  all there is of the program, every protocol and room", "");
    Ok(program)
}

/// Pages elsewhere link to it by name; what the program imports or is bound to ask for is in the
/// document, too, so that it is fetched ahead.
fn is_loaded(relative: &Path, document: &str) -> bool {
    let name = relative.to_string_lossy();
    relative.starts_with("snippets")
        || !name.ends_with(".html") && !name.ends_with(".png") && document.contains(&*name)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// How long `gzip -9` makes it: a deflate stream, a header and a checksum.
fn gzip(content: &[u8]) -> usize {
    18 + miniz_oxide::deflate::compress_to_vec(content, 9).len()
}

/// Function bodies of the main piece as visitors get them, but with the names kept. Code that was inlined
/// counts where it went, and generic code counts for the crate that wrote it.
fn by_crate(packed: usize) -> Result<()> {
    // The main piece, joined to JavaScript and not yet shrunk: see `pages/split.rs`.
    let built = target_dir().join("split/faultline-app_bg.wasm");
    ensure!(built.is_file(), "no release build: run `cargo xtask build --release` first");
    let out = target_dir().join("size");
    fs::create_dir_all(&out)?;
    println!("\nNaming the code of the main piece of the last release build");
    let wasm_opt = find("wasm-opt").context("run `cargo xtask setup` first")?;
    let named = out.join("named.wasm");
    shell::run(program(wasm_opt).args(["-Oz", "-g", "-o"]).arg(&named).arg(built))?;
    let wasm = fs::read(named)?;
    let sizes = sum_by_crate(&wasm)?;
    let all: u64 = sizes.values().sum();
    ensure!(all > 0, "the build holds no code");
    let mut rows: Vec<_> = sizes.into_iter().collect();
    rows.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));

    println!(
        "\n{:>9} {:>6}  the main piece by crate ({packed} bytes of gzip with its data)",
        "bytes", "share"
    );
    for (name, bytes) in rows.iter().take(30) {
        println!("{bytes:>9} {:>5.1}%  {name}", *bytes as f64 * 100.0 / all as f64);
    }
    println!("{all:>9} 100.0%  all");
    Ok(())
}

fn sum_by_crate(wasm: &[u8]) -> Result<BTreeMap<String, u64>> {
    let mut imports = 0;
    let mut bodies = Vec::new();
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imports += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len() as u64),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(reader) = section.as_known() else {
                    continue;
                };
                for part in reader {
                    let Name::Function(map) = part? else { continue };
                    for naming in map {
                        let naming = naming?;
                        names.insert(naming.index, naming.name);
                    }
                }
            }
            _ => {}
        }
    }
    ensure!(!names.is_empty(), "the build has no names: was it stripped?");
    let mut sizes = BTreeMap::new();
    for (index, bytes) in (imports..).zip(bodies) {
        let name = names.get(&index).map_or("(no name)", |symbol| symbol);
        *sizes.entry(crate_of(name)).or_insert(0) += bytes;
    }
    Ok(sizes)
}

/// The crate in which a function was written: the first path in its name.
fn crate_of(symbol: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(symbol));
    let path = name.trim_start_matches(['<', '&', '(', '[', '*']);
    let path =
        ["mut ", "const ", "dyn "].iter().fold(path, |path, word| path.strip_prefix(word).unwrap_or(path));
    match path.split_once("::") {
        Some((first, _)) if first.chars().all(|c| c.is_alphanumeric() || c == '_') => first.to_owned(),
        // `<T as faultline_sim::world::AnyWorld>::step` for a T without a path, and C symbols.
        _ => match path.split_once(" as ").and_then(|(_, rest)| rest.split_once("::")) {
            Some((first, _)) => first.to_owned(),
            None => "(compiler and C)".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_first_path_in_its_name() {
        for (symbol, name) in [
            ("_ZN13faultline_sim5world4step17h0123456789abcdefE", "faultline_sim"),
            ("<leptos::View as core::fmt::Debug>::fmt", "leptos"),
            ("<&mut serde_json::de::Deserializer<R> as serde::Deserializer>::x", "serde_json"),
            ("<u8 as core::fmt::Display>::fmt", "core"),
            ("memcpy", "(compiler and C)"),
        ] {
            assert_eq!(crate_of(symbol), name, "{symbol}");
        }
    }
}
