//! The post-build hook: turns Trunk's one page into the site.
//!
//! 1. Trunk's inline start script becomes a file, so that the policy can forbid inline scripts.
//! 2. The files of `style/` become one, so that a page is styled before the program has loaded.
//! 3. The program is cut into chunks and made small, if visitors are to get it.
//! 4. Every page of the catalogue becomes a document in a folder of its own, with its title, prose
//!    and preview, readable without the program and servable under any path.

mod assets;
mod catalogue;
mod document;
mod order;
mod split;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use self::split::Chunks;
use crate::shell::root;
use crate::web::SITE_VARIABLE;

/// One document of the site.
pub struct Page {
    /// Its folder, with a slash at the end: `lesson/raft-elections/`, or nothing for the home page.
    pub path: String,
    /// What the tab and the preview call it.
    pub title: String,
    /// One sentence for search engines and previews.
    pub description: String,
    /// Its prose as HTML, which the app replaces. Its links are relative to the site's top, such
    /// as `lesson/raft-elections/`, whatever the page's own depth: every page has a `<base>`.
    pub body_html: String,
    /// The slug of the protocol that runs on it, if one does from the start.
    pub protocol: Option<String>,
    /// What the app or an editor reads for it: name and content, written beside the document.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Page {
    /// What the app finds in `data-page`: `home`, `lesson:raft-elections`.
    pub fn id(&self) -> String {
        match self.path.trim_end_matches('/') {
            "" => "home".to_owned(),
            path => path.replacen('/', ":", 1),
        }
    }

    /// The files that its program is bound to ask for, beside the main one: those of the chunk of its kind
    /// of page, if that is one, and of its protocol.
    fn ahead(&self, chunks: &Chunks) -> BTreeSet<String> {
        let id = self.id();
        let kind = id.split(':').next().unwrap_or_default();
        let protocol = self.protocol.as_ref().map(|slug| slug.replace('-', "_"));
        let names = [Some(kind), protocol.as_deref()];
        names.into_iter().flatten().filter_map(|name| chunks.get(name)).flatten().cloned().collect()
    }

    /// The way from this page to the site's top.
    pub fn to_top(&self) -> String {
        match self.path.matches('/').count() {
            0 => "./".to_owned(),
            depth => "../".repeat(depth),
        }
    }
}

/// `cargo xtask pages`, which Trunk runs.
pub fn run() -> Result<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR")
        .context("this is Trunk's hook: run `cargo xtask build` instead")?;
    let dist = PathBuf::from(staging);
    let chunks = if std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release") {
        split::program(&dist)?
    } else {
        Chunks::new()
    };
    let site = std::env::var(SITE_VARIABLE).ok();
    let count = generate(&dist, &catalogue::catalogue()?, &chunks, site.as_deref())?;
    println!("  {count} pages");
    Ok(())
}

/// Everything, in a folder that holds Trunk's output.
fn generate(dist: &Path, pages: &[Page], chunks: &Chunks, site: Option<&str>) -> Result<usize> {
    let index = dist.join("index.html");
    let built = fs::read_to_string(&index).with_context(|| format!("no {}", index.display()))?;
    let template = assets::move_inline_script(&built, dist)?;
    let style = assets::join_styles(&root().join("style"), dist)?;
    for page in pages {
        write(dist, page, &document::fill(&template, page, &style, &page.ahead(chunks), site)?)?;
    }
    fs::write(dist.join("404.html"), document::missing(&template, &style, site)?)?;
    Ok(pages.len() + 1)
}

fn write(dist: &Path, page: &Page, document: &str) -> Result<()> {
    ensure!(
        page.path.is_empty() || page.path.ends_with('/') && !page.path.starts_with('/'),
        "the page path {:?} must end in a slash and not begin with one",
        page.path
    );
    let folder = dist.join(&page.path);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("index.html"), document)?;
    for (name, content) in &page.files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap_or(&folder))?;
        fs::write(file, content)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str) -> Page {
        Page {
            path: path.to_owned(),
            title: String::new(),
            description: String::new(),
            body_html: String::new(),
            protocol: None,
            files: Vec::new(),
        }
    }

    #[test]
    fn ids_and_depths_follow_from_the_path() {
        assert_eq!(page("").id(), "home");
        assert_eq!(page("").to_top(), "./");
        assert_eq!(page("author/").id(), "author");
        assert_eq!(page("lesson/raft-elections/").id(), "lesson:raft-elections");
        assert_eq!(page("lesson/raft-elections/").to_top(), "../../");
    }

    #[test]
    fn a_page_names_the_chunks_that_it_is_bound_to_need() {
        let files = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let chunks = Chunks::from([
            ("two_phase_commit".to_owned(), files(&["shared-1.wasm", "two-phase-commit-2.wasm"])),
            ("sandbox".to_owned(), files(&["shared-1.wasm", "sandbox-3.wasm"])),
            ("raft".to_owned(), files(&["raft-4.wasm"])),
        ]);
        let ahead = |path: &str, protocol: Option<&str>| {
            let page = Page { protocol: protocol.map(str::to_owned), ..page(path) };
            page.ahead(&chunks).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(ahead("", None), [""; 0]);
        assert_eq!(ahead("lesson/atomic-commit/", Some("two-phase-commit")), chunks["two_phase_commit"]);
        assert_eq!(
            ahead("sandbox/two-phase-commit/", Some("two-phase-commit")),
            ["sandbox-3.wasm", "shared-1.wasm", "two-phase-commit-2.wasm"]
        );
    }
}
