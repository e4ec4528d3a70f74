//! Markdown to prose: a small part of Markdown, and nothing that could become markup.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::error::{Outcome, Wrong};
use crate::prose::{Block, Href, Inline, TermMark};

/// Emphasis within emphasis, so deep at most.
const DEEPEST: usize = 8;

/// One piece of a lesson's body, in the order of the file.
#[derive(Debug)]
pub(super) enum Part {
    /// A heading of level 2.
    Heading(Range<usize>, String),
    /// A paragraph or list.
    Prose(Range<usize>, Block),
    /// A fenced block: its info string and the place of its content.
    Fence { whole: Range<usize>, info: String, body: Range<usize> },
}

const MARKS: &str =
    "node:S1, role:leader, epoch:3, message:RequestVote, property:election-safety or rule:grant-vote";

/// Splits `text[range]` into its parts; all places are places in `text`.
pub(super) fn parts(text: &str, range: Range<usize>) -> Outcome<Vec<Part>> {
    let offset = range.start;
    let mut events = Parser::new_ext(&text[range], Options::ENABLE_MATH)
        .into_offset_iter()
        .map(|(event, span)| (event, span.start + offset..span.end + offset));
    let mut parts = vec![];
    while let Some((event, span)) = events.next() {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                let line = line(&mut events, TagEnd::Heading(HeadingLevel::H2))?;
                parts.push(Part::Heading(span, crate::prose::plain(&line)));
            }
            Event::Start(Tag::Heading { .. }) => {
                return Wrong::at(span, "every step begins with a heading of level 2: write `## Title`");
            }
            Event::Start(Tag::Paragraph) => {
                let line = line(&mut events, TagEnd::Paragraph)?;
                parts.push(Part::Prose(span, Block::Paragraph(line)));
            }
            Event::Start(Tag::List(_)) => {
                let items = list(&mut events)?;
                parts.push(Part::Prose(span, Block::List(items)));
            }
            Event::Start(Tag::CodeBlock(kind)) => parts.push(fence(&mut events, &kind, span)?),
            other => return refuse(&other, span),
        }
    }
    Ok(parts)
}

/// Prose only: the content of an `explain` block.
pub(super) fn blocks(text: &str, range: Range<usize>) -> Outcome<Vec<Block>> {
    let block = |part| match part {
        Part::Prose(_, block) => Ok(block),
        Part::Heading(span, _) => Wrong::at(span, "only paragraphs and lists can stand here"),
        Part::Fence { whole, .. } => Wrong::at(whole, "only paragraphs and lists can stand here"),
    };
    parts(text, range)?.into_iter().map(block).collect()
}

/// One line of text from a YAML string. All that is known of its place is where the string stands.
pub(super) fn inlines(source: &str, place: &Range<usize>) -> Outcome<Vec<Inline>> {
    let here = |wrong: Wrong| Wrong { span: place.clone(), message: wrong.message };
    let mut found = parts(source, 0..source.len()).map_err(here)?.into_iter();
    match (found.next(), found.next()) {
        (Some(Part::Prose(_, Block::Paragraph(line))), None) => Ok(line),
        _ => Wrong::at(place.clone(), "write one paragraph of text here"),
    }
}

fn fence<'a>(
    events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    kind: &CodeBlockKind<'_>,
    whole: Range<usize>,
) -> Outcome<Part> {
    let CodeBlockKind::Fenced(info) = kind else {
        return Wrong::at(
            whole,
            "this is indented like code; write a fenced block (```script) or remove the indent",
        );
    };
    let mut body: Option<Range<usize>> = None;
    for (event, span) in events {
        match event {
            Event::End(TagEnd::CodeBlock) => break,
            _ => body = Some(body.map_or(span.clone(), |body| body.start..span.end)),
        }
    }
    let body = body.unwrap_or(whole.start..whole.start);
    Ok(Part::Fence { whole, info: info.trim().to_owned(), body })
}

fn list<'a>(events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) -> Outcome<Vec<Vec<Inline>>> {
    let mut items = vec![];
    while let Some((event, span)) = events.next() {
        match event {
            Event::Start(Tag::Item) => items.push(line(events, TagEnd::Item)?),
            Event::End(TagEnd::List(_)) => break,
            other => return refuse(&other, span),
        }
    }
    Ok(items)
}

/// What is open while a line is read.
struct Frame {
    inlines: Vec<Inline>,
    link: Option<(String, Range<usize>)>,
}

/// The text up to `end`.
fn line<'a>(
    events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    end: TagEnd,
) -> Outcome<Vec<Inline>> {
    let mut stack = vec![Frame { inlines: vec![], link: None }];
    for (event, span) in events {
        if stack.len() > DEEPEST {
            return Wrong::at(span, format!("emphasis and links nest more than {DEEPEST} deep here"));
        }
        let top = stack.last_mut().expect("the line itself is never popped");
        match event {
            Event::End(tag) if tag == end => break,
            // A loose list wraps its items in paragraphs.
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {
                push_text(&mut top.inlines, " ");
            }
            Event::Text(text) => push_text(&mut top.inlines, &text),
            Event::SoftBreak | Event::HardBreak => push_text(&mut top.inlines, " "),
            Event::Code(text) => top.inlines.push(Inline::Code(text.into_string())),
            Event::InlineMath(text) => top.inlines.push(Inline::Formula(text.into_string())),
            Event::Start(Tag::Emphasis | Tag::Strong) => stack.push(Frame { inlines: vec![], link: None }),
            Event::Start(Tag::Link { dest_url, title, .. }) if title.is_empty() => {
                stack.push(Frame { inlines: vec![], link: Some((dest_url.into_string(), span)) });
            }
            Event::End(tag @ (TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link)) => {
                let closed = stack.pop().expect("an end has its start");
                let inline = close(tag, closed)?;
                stack.last_mut().expect("the line itself is below").inlines.push(inline);
            }
            other => return refuse(&other, span),
        }
    }
    let mut inlines = stack.swap_remove(0).inlines;
    trim(&mut inlines);
    Ok(inlines)
}

fn close(tag: TagEnd, frame: Frame) -> Outcome<Inline> {
    match (tag, frame.link) {
        (TagEnd::Link, Some((target, span))) => link(frame.inlines, &target, span),
        (TagEnd::Strong, _) => Ok(Inline::Strong(frame.inlines)),
        _ => Ok(Inline::Emphasis(frame.inlines)),
    }
}

fn link(text: Vec<Inline>, target: &str, span: Range<usize>) -> Outcome<Inline> {
    let mark = match target.split_once(':') {
        Some(("node", name)) => Some(TermMark::Node(name.to_owned())),
        Some(("role", role)) => Some(TermMark::Role(role.to_owned())),
        Some(("epoch", number)) => match number.parse() {
            Ok(number) => Some(TermMark::Epoch(number)),
            Err(_) => return Wrong::at(span, format!("`{number}` is no number: write epoch:3")),
        },
        Some(("message", kind)) => Some(TermMark::Message(kind.to_owned())),
        Some(("property", id)) => Some(TermMark::Property(id.to_owned())),
        Some(("rule", id)) => Some(TermMark::Rule(id.to_owned())),
        _ => None,
    };
    match mark {
        Some(mark) => Ok(Inline::Term { text: crate::prose::plain(&text), mark }),
        None => match Href::new(target) {
            Ok(href) => Ok(Inline::Link { text, href }),
            Err(error) => Wrong::at(span, format!("{error}; a term is marked as {MARKS}")),
        },
    }
}

fn push_text(inlines: &mut Vec<Inline>, text: &str) {
    match inlines.last_mut() {
        Some(Inline::Text(last)) => last.push_str(text),
        _ => inlines.push(Inline::Text(text.to_owned())),
    }
}

fn trim(inlines: &mut Vec<Inline>) {
    if let Some(Inline::Text(first)) = inlines.first_mut() {
        *first = first.trim_start().to_owned();
    }
    if let Some(Inline::Text(last)) = inlines.last_mut() {
        last.truncate(last.trim_end().len());
    }
    inlines.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
}

fn refuse<T>(event: &Event<'_>, span: Range<usize>) -> Outcome<T> {
    let what = match event {
        Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) => {
            "HTML cannot stand in a lesson: write Markdown, and `\\<` for the sign itself"
        }
        Event::Start(Tag::Image { .. }) => "pictures cannot stand in a lesson: the stage is the picture",
        Event::DisplayMath(_) => "write a formula within a line, between single dollar signs",
        Event::Rule => "a line across the page has no meaning here: begin a step with `## Title`",
        Event::Start(Tag::BlockQuote(_)) => "quotations cannot stand in a lesson: write a `source` block",
        Event::Start(Tag::List(_)) => "a list cannot stand in a list",
        Event::Start(Tag::Link { .. }) => "a link cannot have a title: write [text](target)",
        _ => {
            "this part of Markdown cannot stand here: write paragraphs, lists, *emphasis*, **strong**, `code`, \
              links and fenced blocks"
        }
    };
    Wrong::at(span, what)
}
