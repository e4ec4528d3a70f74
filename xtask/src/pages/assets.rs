//! Files that every page shares, named by their content so that a host may cache them for ever.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use anyhow::{Context, Result, ensure};

const OPEN: &str = "<script type=\"module\">";
const CLOSE: &str = "</script>";

/// Moves Trunk's inline module into `start-<hash>.js` at the top of the site. Its imports begin
/// with `./`, which in a file means "beside this file", so they keep working at any depth.
pub fn move_inline_script(html: &str, dist: &Path) -> Result<String> {
    let (before, rest) = html.split_once(OPEN).context("Trunk wrote no inline module script")?;
    let (script, after) = rest.split_once(CLOSE).context("the inline script has no end")?;
    ensure!(!after.contains(OPEN), "Trunk wrote more than one inline script");
    // A worker runs the same file, and has no window.
    let script = script.trim_start().replace("window.", "globalThis.");
    let name = hashed("start", "js", &script);
    fs::write(dist.join(&name), script)?;
    Ok(format!("{before}<script type=\"module\" src=\"{name}\">{CLOSE}{after}"))
}

/// Joins `style/*.css` into `style-<hash>.css` and returns its name: the tokens first, then by
/// file name. Addresses in it are relative to the site's top, such as `url("assets/a.woff2")`.
pub fn join_styles(folder: &Path, dist: &Path) -> Result<String> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .with_context(|| format!("no folder {}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "css"))
        .collect();
    files.sort_by_key(|path| (!path.ends_with("tokens.css"), path.clone()));
    let mut all = String::new();
    for path in files {
        let css = fs::read_to_string(&path)?;
        ensure!(
            !css.contains("@import"),
            "{}: every file in style/ is in the page already, without @import",
            path.display()
        );
        all.push_str(&css);
        all.push('\n');
    }
    let name = hashed("style", "css", &all);
    fs::write(dist.join(&name), all)?;
    Ok(name)
}

fn hashed(stem: &str, extension: &str, content: &str) -> String {
    format!("{stem}-{}.{extension}", hash(content.as_bytes()))
}

/// What a file's name says of its content.
pub fn hash(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inline_script_becomes_a_file() {
        let dist = std::env::temp_dir().join(format!("faultline-assets-{}", std::process::id()));
        fs::create_dir_all(&dist).unwrap();
        let html = format!("<head>{OPEN}\nimport init from './a.js';window.b = init;{CLOSE}</head>");
        let moved = move_inline_script(&html, &dist).unwrap();
        let name = moved.split('"').nth(3).unwrap();
        assert_eq!(moved, format!("<head><script type=\"module\" src=\"{name}\"></script></head>"));
        assert_eq!(
            fs::read_to_string(dist.join(name)).unwrap(),
            "import init from './a.js';globalThis.b = init;"
        );
        assert!(move_inline_script("<head></head>", &dist).is_err());
        fs::remove_dir_all(dist).unwrap();
    }
}
