//! One page's HTML, from the template that index.html is.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

use super::Page;

/// The picture that a link to the site shows elsewhere.
const PREVIEW: &str = "assets/preview.png";

/// The template with this page's head and prose; the chunks of the program in `ahead` are fetched while
/// the program itself is.
pub fn fill(
    template: &str,
    page: &Page,
    style: &str,
    ahead: &BTreeSet<String>,
    site: Option<&str>,
) -> Result<String> {
    let mut head = head(page, style, site);
    for file in ahead {
        head.push_str(&format!(
            "<link rel=\"preload\" href=\"{file}\" crossorigin=\"anonymous\" as=\"fetch\" \
             type=\"application/wasm\">\n"
        ));
    }
    let html = between(template, "<!--page-->", "<!--/page-->", &head)?;
    let prose = format!("<main id=\"prose\">\n{}\n</main>\n", page.body_html.trim());
    let html = between(&html, "<!--prose-->", "<!--/prose-->", &prose)?;
    let html = swap(&html, "data-page=\"home\"", &format!("data-page=\"{}\"", page.id()))?;
    swap(&html, "<base href=\"./\"", &format!("<base href=\"{}\"", page.to_top()))
}

/// The page for missing addresses: without the program, since a host serves it at any depth. Its
/// links work at the site's own address if that was given, and else at a host's top.
pub fn missing(template: &str, style: &str, site: Option<&str>) -> Result<String> {
    let page = Page {
        path: String::new(),
        title: "Nothing here · Faultline".to_owned(),
        description: "This address has no page.".to_owned(),
        body_html: "<h1>There is no page at this address</h1>\n\
            <p>It may have been mistyped, or the page may have moved. \
            <a href=\"./\">All lessons are listed on the start page.</a></p>"
            .to_owned(),
        protocol: None,
        files: Vec::new(),
    };
    let filled = fill(template, &page, style, &BTreeSet::new(), site)?;
    let html = swap(&filled, "data-page=\"home\"", "data-page=\"missing\"")?;
    let html = without_program(&html);
    let base = site.map_or("/", base_path);
    swap(&html, "<base href=\"./\"", &format!("<base href=\"{base}\""))
}

fn head(page: &Page, style: &str, site: Option<&str>) -> String {
    let (title, description) = (escape(&page.title), escape(&page.description));
    // Readers of previews want a whole address; a relative one is the best there is without it.
    let picture =
        site.map_or_else(|| format!("{}{PREVIEW}", page.to_top()), |site| format!("{site}{PREVIEW}"));
    let address = site.map_or_else(String::new, |site| {
        format!("<meta property=\"og:url\" content=\"{}{}\">\n", escape(site), page.path)
    });
    format!(
        "<title>{title}</title>\n\
        <meta name=\"description\" content=\"{description}\">\n\
        <meta property=\"og:type\" content=\"website\">\n\
        <meta property=\"og:site_name\" content=\"Faultline\">\n\
        <meta property=\"og:title\" content=\"{title}\">\n\
        <meta property=\"og:description\" content=\"{description}\">\n\
        {address}\
        <meta property=\"og:image\" content=\"{picture}\">\n\
        <meta property=\"og:image:width\" content=\"1200\">\n\
        <meta property=\"og:image:height\" content=\"630\">\n\
        <meta name=\"twitter:card\" content=\"summary_large_image\">\n\
        <link rel=\"stylesheet\" href=\"{style}\">\n",
        picture = escape(&picture),
    )
}

/// Drops scripts and what is loaded ahead for them. Trunk writes each on a line or in a tag of its
/// own, so a tag is all there is to look for.
fn without_program(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        let tag = &rest[at..end];
        kept.push_str(&rest[..at]);
        let program = tag.starts_with("<script") || tag.starts_with("</script");
        if !program && !tag.contains("rel=\"modulepreload\"") && !tag.contains("rel=\"preload\"") {
            kept.push_str(tag);
        }
        rest = &rest[end..];
    }
    kept + rest
}

/// `/faultline/` of `https://example.org/faultline/`.
fn base_path(site: &str) -> &str {
    let host = site.find("://").map_or(0, |at| at + 3);
    site[host..].find('/').map_or("/", |at| &site[host + at..])
}

/// For text and for attributes in double quotes.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Puts `new` in place of the two marks and what is between them.
fn between(html: &str, open: &str, close: &str, new: &str) -> Result<String> {
    let (before, rest) = html.split_once(open).with_context(|| format!("index.html has no {open}"))?;
    let (_, after) = rest.split_once(close).with_context(|| format!("index.html has no {close}"))?;
    Ok(format!("{before}{new}{}", after.trim_start_matches('\n')))
}

fn swap(html: &str, old: &str, new: &str) -> Result<String> {
    ensure!(html.matches(old).count() == 1, "index.html must contain {old} exactly once");
    Ok(html.replacen(old, new, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "<html data-page=\"home\"><base href=\"./\">\n<!--page-->\n<title>x</title>\n\
        <!--/page-->\n<link rel=\"modulepreload\" href=\"./a.js\"><script type=\"module\" src=\"s.js\"></script>\
        <body>\n<!--prose-->\n<!--/prose-->\n</body></html>";

    fn lesson() -> Page {
        Page {
            path: "lesson/raft/".to_owned(),
            title: "Votes & \"terms\"".to_owned(),
            description: "1 < 2".to_owned(),
            body_html: "<h1>Votes</h1>".to_owned(),
            protocol: None,
            files: Vec::new(),
        }
    }

    #[test]
    fn a_page_has_its_own_head_prose_and_way_to_the_top() {
        let ahead = BTreeSet::from(["raft-1.wasm".to_owned()]);
        let html = fill(TEMPLATE, &lesson(), "style-1.css", &ahead, None).unwrap();
        assert!(html.contains("data-page=\"lesson:raft\""));
        assert!(html.contains("<base href=\"../../\">"));
        assert!(html.contains("<title>Votes &amp; &quot;terms&quot;</title>"));
        assert!(html.contains("content=\"1 &lt; 2\""));
        assert!(html.contains("<main id=\"prose\">\n<h1>Votes</h1>\n</main>"));
        assert!(html.contains("og:image\" content=\"../../assets/preview.png\""));
        assert!(
            html.contains(
                "<link rel=\"preload\" href=\"raft-1.wasm\" crossorigin=\"anonymous\" as=\"fetch\""
            )
        );
        assert!(!html.contains("<!--") && !html.contains("<title>x"));
    }

    #[test]
    fn a_known_address_makes_previews_whole() {
        let html =
            fill(TEMPLATE, &lesson(), "s.css", &BTreeSet::new(), Some("https://example.org/f/")).unwrap();
        assert!(html.contains("og:image\" content=\"https://example.org/f/assets/preview.png\""));
        assert!(html.contains("og:url\" content=\"https://example.org/f/lesson/raft/\""));
    }

    #[test]
    fn the_missing_page_starts_no_program() {
        let html = missing(TEMPLATE, "s.css", Some("https://example.org/f/")).unwrap();
        assert!(html.contains("<base href=\"/f/\">") && html.contains("data-page=\"missing\""));
        assert!(!html.contains("<script") && !html.contains("preload"));
        assert!(missing(TEMPLATE, "s.css", None).unwrap().contains("<base href=\"/\">"));
    }

    #[test]
    fn a_template_without_its_marks_is_refused() {
        assert!(fill("<html></html>", &lesson(), "s.css", &BTreeSet::new(), None).is_err());
    }
}
