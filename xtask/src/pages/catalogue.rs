//! Which pages there are: the one place where the site meets the lessons.

use anyhow::{Result, anyhow};

use super::Page;

/// Every page of the site. A lesson that cannot be compiled fails the build here.
pub fn catalogue() -> Result<Vec<Page>> {
    let sources = faultline_lessons::pages().map_err(|error| anyhow!("{error}"))?;
    let page = |source: faultline_lessons::PageSource| Page {
        path: source.path,
        title: source.title,
        description: source.description,
        body_html: source.html,
        protocol: source.protocol,
        files: source.data,
    };
    Ok(sources.into_iter().map(page).collect())
}
