//! The site's pages as documents: titles, prose that can be read before the program has loaded, and the
//! data beside it.
//!
//! This is the only place where a lesson becomes HTML. Everything is escaped here, and links are the
//! checked ones of [`Href`](crate::Href). All links are relative to the site's top, for every page has
//! a `<base>`.

use std::fmt::Write as _;

use faultline_model::KnobKind;

use crate::catalogue::{self, ProtocolInfo};
use crate::lesson::{Lesson, Step};
use crate::prose::{Block, Inline};
use crate::{Planned, chapters, content};

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSource {
    /// Its folder with a slash at the end: `lesson/raft-elections/`; empty for the home page.
    pub path: String,
    /// Its title.
    pub title: String,
    /// One sentence for search engines and previews.
    pub description: String,
    /// Its prose: plain semantic HTML, escaped.
    pub html: String,
    /// The slug of the protocol that runs on it, if one does from the start.
    pub protocol: Option<String>,
    /// The files beside it, or in folders beside it: name and content.
    pub data: Vec<(String, Vec<u8>)>,
}

/// Every page of the site, or why a lesson cannot be one.
pub fn pages() -> Result<Vec<PageSource>, crate::AuthorError> {
    let lessons = content::lessons()?;
    let mut pages = vec![home(&lessons)];
    for lesson in &lessons {
        let json = serde_json::to_vec(lesson).expect("a lesson has only text for keys");
        pages.push(page(format!("lesson/{}/", lesson.slug), lesson, lesson_html(lesson), json.clone()));
        pages.push(page(format!("embed/{}/", lesson.slug), lesson, embed_html(lesson), json));
    }
    for entry in catalogue::protocols() {
        let info = catalogue::describe(entry.slug).expect("it is in the catalogue");
        pages.push(PageSource {
            path: format!("sandbox/{}/", info.slug),
            title: format!("{}, free play · Faultline", info.name),
            description: info.claim.to_owned(),
            html: sandbox_html(&info),
            protocol: Some(info.slug.to_owned()),
            data: vec![],
        });
    }
    Ok(pages)
}

fn page(path: String, lesson: &Lesson, html: String, json: Vec<u8>) -> PageSource {
    PageSource {
        path,
        title: format!("{} · Faultline", lesson.title),
        description: lesson.summary.clone(),
        html,
        protocol: Some(lesson.protocol.clone()),
        data: vec![("lesson.json".to_owned(), json)],
    }
}

fn home(lessons: &[Lesson]) -> PageSource {
    let mut html = String::from("<h1>Break a distributed system. See exactly why.</h1>\n");
    html.push_str(
        "<p>Real protocols in your browser. Predict what happens, drop a packet, skew a clock, crash a server, \
         then step back and try again.</p>\n",
    );
    for chapter in chapters() {
        let _ = writeln!(html, "<h2>{}. {}</h2>\n<ol>", chapter.number, escape(chapter.title));
        for planned in chapter.lessons {
            let written = lessons.iter().find(|lesson| lesson.slug == planned.slug);
            let _ = writeln!(html, "<li>{}</li>", entry(planned, written));
        }
        html.push_str("</ol>\n");
    }
    html.push_str("<h2>Free play</h2>\n<ul>\n");
    for protocol in catalogue::protocols() {
        let info = catalogue::describe(protocol.slug).expect("it is in the catalogue");
        let _ = writeln!(
            html,
            "<li><a href=\"sandbox/{}/\">{}</a>: {}</li>",
            escape(info.slug),
            escape(info.name),
            escape(info.claim)
        );
    }
    html.push_str("</ul>\n");
    PageSource {
        path: String::new(),
        title: "Faultline: break a distributed system, see exactly why".to_owned(),
        description:
            "Real protocols in your browser. Predict what happens, drop a packet, skew a clock, crash a \
                      server, then step back and try again."
                .to_owned(),
        html,
        protocol: None,
        data: schemas(),
    }
}

/// The JSON Schemas of lesson files, for editors: `schema/front.json`, `schema/goal.json` …
fn schemas() -> Vec<(String, Vec<u8>)> {
    let schema = crate::schema();
    let files = schema.as_object().into_iter().flatten();
    let file = |(name, schema): (&String, &serde_json::Value)| {
        (format!("schema/{name}.json"), schema.to_string().into_bytes())
    };
    files.map(file).collect()
}

fn entry(planned: &Planned, lesson: Option<&Lesson>) -> String {
    let (title, minutes) = (escape(planned.title), planned.minutes);
    match lesson {
        Some(lesson) => format!(
            "<a href=\"lesson/{}/\">{title}</a> ({minutes} min): {}",
            escape(planned.slug),
            escape(&lesson.summary)
        ),
        None => format!("{title} (coming)"),
    }
}

fn lesson_html(lesson: &Lesson) -> String {
    let mut html = format!("<h1>{}</h1>\n<p>{}</p>\n", escape(&lesson.title), escape(&lesson.summary));
    html.push_str("<h2>After this lesson you can</h2>\n<ul>\n");
    for objective in &lesson.objectives {
        let _ = writeln!(html, "<li>{}</li>", escape(objective));
    }
    html.push_str("</ul>\n<h2>Steps</h2>\n<ol>\n");
    for step in &lesson.steps {
        let _ = writeln!(html, "<li>{}</li>", step_html(step));
    }
    html.push_str("</ol>\n");
    for offer in &lesson.experiments {
        let (title, about) = (escape(&offer.title), escape(&offer.about));
        let _ = writeln!(html, "<h2>Measure it: {title}</h2>\n<p>{about}</p>");
    }
    html.push_str("<h2>Sources</h2>\n<ul>\n");
    for source in &lesson.sources {
        let number = source.number.as_ref().map(|n| format!(" ({})", escape(&n.value))).unwrap_or_default();
        let _ = writeln!(
            html,
            "<li>{} <cite>{}, {}</cite>{number}: {}</li>",
            inlines(&source.what),
            escape(&source.citation),
            escape(&source.section),
            source.status.meaning()
        );
    }
    html.push_str("</ul>\n");
    html
}

fn step_html(step: &Step) -> String {
    let mut html = format!("<h3>{}</h3>\n{}", escape(&step.title), blocks(&step.prose));
    if let Some(prediction) = &step.prediction {
        let _ = write!(html, "<p><strong>Predict:</strong> {}</p>\n<ul>\n", inlines(&prediction.question));
        for option in &prediction.options {
            let _ = writeln!(html, "<li>{}</li>", inlines(&option.text));
        }
        html.push_str("</ul>\n");
    }
    if let Some(matching) = &step.matching {
        let _ = write!(html, "<p><strong>Match:</strong> {}</p>\n<ul>\n", inlines(&matching.question));
        let causes = matching.pairs.iter().map(|pair| &pair.cause);
        let effects = matching.offered().into_iter().map(|index| &matching.pairs[index].effect);
        for side in causes.chain(effects) {
            let _ = writeln!(html, "<li>{}</li>", inlines(side));
        }
        html.push_str("</ul>\n");
    }
    for goal in &step.goals {
        let _ = writeln!(html, "<p><strong>Goal:</strong> {}</p>", inlines(&goal.text));
    }
    html
}

fn embed_html(lesson: &Lesson) -> String {
    format!(
        "<h1>{}</h1>\n<p>{}</p>\n<p><a href=\"lesson/{}/\">Open the whole lesson</a></p>\n",
        escape(&lesson.title),
        escape(&lesson.summary),
        escape(&lesson.slug)
    )
}

fn sandbox_html(info: &ProtocolInfo) -> String {
    let mut html = format!(
        "<h1>{}, free play</h1>\n<p>{}</p>\n<p><cite>{}</cite></p>\n<h2>What must hold</h2>\n<ul>\n",
        escape(info.name),
        escape(info.claim),
        escape(info.source)
    );
    for property in &info.properties {
        let _ =
            writeln!(html, "<li>{} <cite>{}</cite></li>", escape(property.sentence), escape(property.source));
    }
    html.push_str("</ul>\n<h2>Rules</h2>\n<ul>\n");
    for rule in &info.rules {
        let _ = writeln!(html, "<li>{} <cite>{}</cite></li>", escape(rule.sentence), escape(rule.source));
    }
    html.push_str("</ul>\n<h2>Knobs</h2>\n<dl>\n");
    for knob in &info.knobs {
        let rule = matches!(knob.knob.kind, KnobKind::Rule { .. });
        let _ = writeln!(
            html,
            "<dt><code>{}</code>{} ({})</dt><dd>{}</dd>",
            escape(knob.knob.name),
            if rule { ", a rule" } else { "" },
            escape(&knob.default),
            escape(knob.knob.about)
        );
    }
    html.push_str("</dl>\n");
    html
}

fn blocks(blocks: &[Block]) -> String {
    let block = |block: &Block| match block {
        Block::Paragraph(line) => format!("<p>{}</p>\n", inlines(line)),
        Block::List(items) => {
            let items: String = items.iter().map(|item| format!("<li>{}</li>\n", inlines(item))).collect();
            format!("<ul>\n{items}</ul>\n")
        }
    };
    blocks.iter().map(block).collect()
}

fn inlines(line: &[Inline]) -> String {
    let inline = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Term { text, .. } => escape(text),
        Inline::Emphasis(inner) => format!("<em>{}</em>", inlines(inner)),
        Inline::Strong(inner) => format!("<strong>{}</strong>", inlines(inner)),
        Inline::Code(text) => format!("<code>{}</code>", escape(text)),
        Inline::Formula(text) => format!("<var>{}</var>", escape(text)),
        Inline::Link { text, href } => {
            format!("<a href=\"{}\" rel=\"noopener\">{}</a>", escape(href.as_str()), inlines(text))
        }
    };
    line.iter().map(inline).collect()
}

/// For text and for attributes in double quotes.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_and_protocol_has_its_pages_and_links_lead_to_pages() {
        let pages = pages().unwrap();
        let paths: Vec<&str> = pages.iter().map(|page| page.path.as_str()).collect();
        for lesson in content::lessons().unwrap() {
            for folder in ["lesson", "embed"] {
                let path = format!("{folder}/{}/", lesson.slug);
                let page = pages.iter().find(|page| page.path == path).unwrap();
                let read: Lesson = serde_json::from_slice(&page.data[0].1).unwrap();
                assert_eq!(read, lesson);
            }
        }
        for page in &pages {
            assert_eq!(page.html.matches("<h1>").count(), 1, "{}", page.path);
            for rest in page.html.split("href=\"").skip(1) {
                let target = rest.split('"').next().unwrap();
                let known = target.starts_with("https://") || paths.contains(&target);
                assert!(known, "{} links to {target}", page.path);
            }
        }
    }

    #[test]
    fn text_is_escaped_wherever_it_stands() {
        let nasty = "<img src=x onerror=\"a\">&".to_owned();
        let line = vec![
            Inline::Text(nasty.clone()),
            Inline::Code(nasty.clone()),
            Inline::Formula(nasty.clone()),
            Inline::Emphasis(vec![Inline::Strong(vec![Inline::Text(nasty)])]),
        ];
        let html = blocks(&[Block::Paragraph(line.clone()), Block::List(vec![line])]);
        assert!(!html.contains("<img") && !html.contains("=\"a\""), "{html}");
    }
}
