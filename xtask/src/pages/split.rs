//! Cuts the program into chunks, so that a page loads what it shows and not all there is.
//!
//! Trunk builds the program in one piece, with what the linker knows of it. Here it is cut at every
//! `chunk!` (crates/chunk): what only that chunk reaches goes into a file of its own, what several
//! reach into a file that they share, and the rest stays. Then each piece goes through wasm-bindgen
//! (only the main one needs it), wasm-opt and the ordering of its functions, as Trunk would do with one.

mod link;
mod module;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

use super::assets::hash;
use super::order;
use crate::shell::{self, find, program as command, target_dir};

/// The name that Cargo gives the program.
const NAME: &str = "faultline-app";
/// The main piece, as wasm-bindgen names it.
const MAIN: &str = "faultline-app_bg.wasm";
/// What chunks share goes into a file of its own if it is at least so large, bytes of code; else into
/// the main piece: a file costs a request, and packs worse.
const WORTH_A_FILE: usize = 4_096;

/// The files that each chunk takes, by the chunk's name.
pub type Chunks = BTreeMap<String, Vec<String>>;

/// Replaces Trunk's program in `dist` by one in pieces.
pub fn program(dist: &Path) -> Result<Chunks> {
    let whole = target_dir().join("wasm32-unknown-unknown/release").join(format!("{NAME}.wasm"));
    let folder = target_dir().join("split");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let small = folder.join("small");
    fs::create_dir_all(&small)?;
    let wasm = fs::read(&whole).with_context(|| format!("no program at {}", whole.display()))?;
    let chunks = cut(&wasm, &folder)?;
    let bindgen = find("wasm-bindgen").context("run `cargo xtask setup` first")?;
    let flags = ["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", NAME, "--out-dir"];
    shell::run(command(bindgen).args(flags).arg(&folder).arg(folder.join(format!("{NAME}.wasm"))))?;
    let files: BTreeSet<&str> = chunks.values().flatten().map(String::as_str).collect();
    for piece in files.iter().copied().chain([MAIN]) {
        shrink(&folder.join(piece), &small.join(piece))?;
    }
    install(&folder, dist, &chunks, &files)
}

/// Cuts. What is shared and small stays in the main piece: a second cut is told so by its exports.
fn cut(wasm: &[u8], folder: &Path) -> Result<Chunks> {
    let first = cut_once(wasm, folder)?;
    let mut kept = BTreeSet::new();
    for file in shared(&first) {
        let functions = module::functions(&fs::read(folder.join(&file))?)?;
        if functions.iter().map(|(_, bytes)| bytes).sum::<usize>() < WORTH_A_FILE {
            kept.extend(functions.into_iter().map(|(name, _)| name));
        }
        fs::remove_file(folder.join(file))?;
    }
    let mut chunks = cut_once(&module::exporting(wasm, &kept)?, folder)?;
    // Constants without code go along.
    let mut constants = Vec::new();
    for file in shared(&chunks) {
        let piece = fs::read(folder.join(&file))?;
        if module::functions(&piece)?.is_empty() {
            constants.extend(module::constants(&piece)?);
            fs::remove_file(folder.join(&file))?;
            chunks.values_mut().for_each(|files| files.retain(|other| *other != file));
        }
    }
    let main = folder.join(format!("{NAME}.wasm"));
    let content = module::with_constants(&fs::read(&main)?, &constants)?;
    fs::write(main, content)?;
    Ok(chunks)
}

fn cut_once(wasm: &[u8], folder: &Path) -> Result<Chunks> {
    let main = folder.join(format!("{NAME}.wasm"));
    let mut options = Options::new(wasm);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = link::MODULE;
    let split = transform(options).map_err(|error| anyhow!("cutting the program: {error:#}"))?;
    let files = |stems: Vec<String>| stems.into_iter().map(|stem| format!("{stem}.wasm")).collect();
    Ok(split.prefetch_map.into_iter().map(|(chunk, stems)| (chunk, files(stems))).collect())
}

/// The files of more than one chunk.
fn shared(chunks: &Chunks) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let again = |file: &&String| !seen.insert((*file).clone());
    chunks.values().flatten().filter(again).cloned().collect()
}

/// Makes one piece small. The large one keeps its names, from which `cargo xtask size` counts.
fn shrink(large: &Path, small: &Path) -> Result<()> {
    let wasm_opt = find("wasm-opt").context("run `cargo xtask setup` first")?;
    let mut command = command(wasm_opt);
    command.args(order::FEATURES).args(["-Oz", "--strip-debug", "-o"]).arg(small).arg(large);
    shell::run(&mut command)?;
    order::functions(small)
}

/// Gives each piece a name by its content, and has the others and the page call it by that.
fn install(folder: &Path, dist: &Path, chunks: &Chunks, files: &BTreeSet<&str>) -> Result<Chunks> {
    let small = folder.join("small");
    let mut named = BTreeMap::new();
    for file in files {
        let content = fs::read(small.join(file))?;
        let stem = match file.strip_prefix("split_") {
            Some(chunk) => chunk.trim_end_matches(".wasm").replace('_', "-"),
            None => "shared".to_owned(),
        };
        let name = format!("{stem}-{}.wasm", hash(&content));
        fs::write(dist.join(&name), content)?;
        named.insert((*file).to_owned(), name);
    }
    let name = |file: &String| named.get(file).cloned().with_context(|| format!("{file} has no name"));
    let chunks = chunks
        .iter()
        .map(|(chunk, files)| Ok((chunk.clone(), files.iter().map(name).collect::<Result<_>>()?)))
        .collect::<Result<Chunks>>()?;
    let script = fs::read_to_string(folder.join(format!("{NAME}.js")))?;
    let program = fs::read(small.join(MAIN))?;
    // Both scripts name each other, so one name is for both.
    let own = hash(&[link::script(&chunks, NAME).as_bytes(), script.as_bytes(), &program].concat());
    let (stem, linking) = (format!("{NAME}-{own}"), format!("./chunks-{own}.js"));
    rename(dist, &stem, &linking)?;
    fs::write(dist.join(&linking), link::script(&chunks, &stem))?;
    // The program itself goes on calling it by its first name.
    let from = |name: &str| format!("from \"{name}\"");
    ensure!(script.contains(&from(link::MODULE)), "the program has no chunks");
    let script =
        script.replace(&from(link::MODULE), &from(&linking)).replace(MAIN, &format!("{stem}_bg.wasm"));
    fs::write(dist.join(format!("{stem}.js")), script)?;
    fs::write(dist.join(format!("{stem}_bg.wasm")), program)?;
    Ok(chunks)
}

/// Takes Trunk's program away and has its page name ours, with the script that it imports.
fn rename(dist: &Path, stem: &str, linking: &str) -> Result<()> {
    let mut old = None;
    for entry in fs::read_dir(dist)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with(&format!("{NAME}-")) {
            fs::remove_file(dist.join(&name))?;
            old = name.strip_suffix(".js").map(str::to_owned).or(old);
        }
    }
    let old = old.context("Trunk wrote no program")?;
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index)?;
    ensure!(html.contains(&old), "the page does not name the program {old}");
    let ahead = format!("<link rel=\"modulepreload\" href=\"{linking}\" crossorigin=\"anonymous\"></head>");
    fs::write(index, html.replace(&old, stem).replace("</head>", &ahead))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_chunks_take_is_shared() {
        let files = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let chunks = Chunks::from([
            ("a".to_owned(), files(&["chunk_1.wasm", "split_a.wasm"])),
            ("b".to_owned(), files(&["chunk_1.wasm", "chunk_2.wasm", "split_b.wasm"])),
            ("c".to_owned(), files(&["chunk_2.wasm", "chunk_1.wasm"])),
        ]);
        assert_eq!(shared(&chunks).into_iter().collect::<Vec<_>>(), ["chunk_1.wasm", "chunk_2.wasm"]);
    }

    #[test]
    fn the_page_names_the_program_anew() -> Result<()> {
        let dist = std::env::temp_dir().join(format!("faultline-split-{}", std::process::id()));
        fs::create_dir_all(&dist)?;
        fs::write(dist.join("faultline-app-1.js"), "")?;
        fs::write(dist.join("faultline-app-1_bg.wasm"), "")?;
        fs::write(dist.join("index.html"), "<a ./faultline-app-1.js><b ./faultline-app-1_bg.wasm></head>")?;
        rename(&dist, "faultline-app-2", "./chunks-2.js")?;
        let html = fs::read_to_string(dist.join("index.html"))?;
        assert_eq!(
            html,
            "<a ./faultline-app-2.js><b ./faultline-app-2_bg.wasm>\
             <link rel=\"modulepreload\" href=\"./chunks-2.js\" crossorigin=\"anonymous\"></head>"
        );
        assert!(!dist.join("faultline-app-1.js").exists() && !dist.join("faultline-app-1_bg.wasm").exists());
        assert!(rename(&dist, "faultline-app-3", "").is_err(), "there is nothing to replace");
        fs::remove_dir_all(dist)?;
        Ok(())
    }
}
