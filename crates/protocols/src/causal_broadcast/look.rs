//! What the stage draws of speakers and messages.

use faultline_model::{Caption, Cast, Cell, Glance, Hue};

use super::message::{Msg, Post};
use super::speaker::Speaker;

/// So many of the last messages stand under a speaker.
const SHOWN: usize = 3;

pub fn speaker(speaker: &Speaker, cast: &Cast) -> Glance {
    let mut cells = vec![Cell::new("vector", speaker.vector.text(cast))];
    let first = speaker.heard.len().saturating_sub(SHOWN);
    if !speaker.heard.is_empty() {
        let last: Vec<&str> = speaker.heard[first..].iter().map(|heard| heard.text.as_str()).collect();
        cells.push(Cell::new("heard", last.join(", ")));
    }
    if !speaker.waiting.is_empty() {
        let waiting: Vec<&str> = speaker.waiting.iter().map(|post| post.text.as_str()).collect();
        cells.push(Cell::new("held back", waiting.join(", ")));
    }
    Glance {
        role: "speaker".to_owned(),
        hue: if speaker.waiting.is_empty() { Hue::Sky } else { Hue::Violet },
        cells,
        ..Glance::default()
    }
}

pub fn caption(msg: &Msg, cast: &Cast) -> Caption {
    let said = |post: &Post| format!("{} [{}]", post.text, post.vector.text(cast));
    let (verb, post, hue) = match msg {
        Msg::Submit(post) => ("submit", post, Hue::Violet),
        Msg::Post(post) if post.asks.is_some() => ("ask", post, Hue::Amber),
        Msg::Post(post) => ("say", post, Hue::Teal),
    };
    Caption { verb: verb.to_owned(), text: said(post), hue, reply: false }
}
