//! What can be exported, and under which names.

use leptos::prelude::*;

use super::picture::{picture, place_of};
use super::save::{byte_blob, download, file_name, text_blob};
use super::{Exchange, State, embedded, events, gather};
use crate::session::Session;
use crate::shell::share_link;

/// What the run or its picture is exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The run as a file of JSON.
    File,
    /// The run as a script.
    Script,
    /// The run as a link.
    Link,
    /// The events.
    Csv,
    /// The stage.
    Svg,
    /// The stage as pixels.
    Png,
    /// The space-time diagram.
    DiagramSvg,
    /// The space-time diagram as pixels.
    DiagramPng,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 8] = [
        Kind::File,
        Kind::Script,
        Kind::Link,
        Kind::Csv,
        Kind::Svg,
        Kind::Png,
        Kind::DiagramSvg,
        Kind::DiagramPng,
    ];

    /// Its name in `window.faultline.export`.
    pub fn word(self) -> &'static str {
        match self {
            Kind::File => "file",
            Kind::Script => "script",
            Kind::Link => "link",
            Kind::Csv => "csv",
            Kind::Svg => "svg",
            Kind::Png => "png",
            Kind::DiagramSvg => "diagram-svg",
            Kind::DiagramPng => "diagram-png",
        }
    }

    /// The kind of that name.
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What the button says, and what the file is for.
    pub fn label(self) -> (&'static str, &'static str) {
        match self {
            Kind::File => ("Run, JSON", "Save the run as JSON, with versions and digest"),
            Kind::Script => ("Run, script", "Save the run as a script"),
            Kind::Link => ("Link", "Save the link to the run"),
            Kind::Csv => ("Events, CSV", "Save the events as CSV"),
            Kind::Svg => ("Stage, SVG", "Save the stage as SVG; the file opens as this run"),
            Kind::Png => ("Stage, PNG", "Save the stage as PNG; the file opens as this run"),
            Kind::DiagramSvg => {
                ("Diagram, SVG", "Save the space-time diagram as SVG; the file opens as this run")
            }
            Kind::DiagramPng => {
                ("Diagram, PNG", "Save the space-time diagram as PNG; the file opens as this run")
            }
        }
    }

    /// The end of the file's name, and its media type.
    fn file(self) -> (&'static str, &'static str) {
        match self {
            Kind::File => (".json", "application/json"),
            Kind::Script | Kind::Link => (".txt", "text/plain"),
            Kind::Csv => (".csv", "text/csv"),
            Kind::Svg => (".svg", "image/svg+xml"),
            Kind::Png => (".png", "image/png"),
            Kind::DiagramSvg => ("-diagram.svg", "image/svg+xml"),
            Kind::DiagramPng => ("-diagram.png", "image/png"),
        }
    }

    fn place(self) -> Option<&'static str> {
        match self {
            Kind::Svg | Kind::Png => Some("stage"),
            Kind::DiagramSvg | Kind::DiagramPng => Some("diagram"),
            _ => None,
        }
    }

    fn is_png(self) -> bool {
        matches!(self, Kind::Png | Kind::DiagramPng)
    }
}

/// Says how far something is; false when it shall stop.
pub type Report<'a> = &'a dyn Fn(u32, u32) -> bool;

/// The export as text; a PNG is a `data:` address.
pub async fn text_of(session: Session, kind: Kind, report: Report<'_>) -> Result<String, String> {
    let none = || "no run is loaded yet".to_owned();
    match kind {
        Kind::File => gather::file_text(session, report).await,
        Kind::Script => session.script().ok_or_else(none),
        Kind::Link => Ok(untrack(|| share_link(session))),
        Kind::Csv => events::csv(session, report).await,
        Kind::Svg | Kind::Png | Kind::DiagramSvg | Kind::DiagramPng => {
            let place = place_of(kind.place().unwrap_or_default())?;
            let run = gather::file_text(session, report).await?;
            if !kind.is_png() {
                return Ok(picture(&place, Some(&run))?.svg);
            }
            let address = picture(&place, None)?.png().await?;
            let bytes = embedded::into_png(&decoded(&address)?, &run);
            Ok(format!("{PNG}{}", encoded(&bytes)?))
        }
    }
}

const PNG: &str = "data:image/png;base64,";

/// The bytes of a PNG's `data:` address.
fn decoded(address: &str) -> Result<Vec<u8>, String> {
    let failed = || "the picture could not be written".to_owned();
    let text = address.strip_prefix(PNG).ok_or_else(failed)?;
    // One letter a byte, as JavaScript has it.
    let letters = window().atob(text).map_err(|_| failed())?;
    Ok(letters.chars().map(|letter| letter as u8).collect())
}

fn encoded(bytes: &[u8]) -> Result<String, String> {
    let letters: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    window().btoa(&letters).map_err(|_| "the picture could not be written".to_owned())
}

impl Exchange {
    /// Saves the run, or what is drawn of it, as a file.
    pub fn save(self, kind: Kind) {
        let Some(session) = self.session else { return };
        let job = self.begin();
        leptos::task::spawn_local(async move {
            let report = move |done, of| {
                if !self.cancelled(job) {
                    self.state.set(State::Busy("Writing the file".to_owned(), done, of));
                }
                !self.cancelled(job)
            };
            let (ending, media) = kind.file();
            let name = file_name(session, ending);
            let saved = match text_of(session, kind, &report).await {
                Ok(text) if kind.is_png() => decoded(&text).and_then(|bytes| byte_blob(&bytes, media)),
                Ok(text) => text_blob(&text, media),
                Err(why) => Err(why),
            };
            if self.cancelled(job) {
                return;
            }
            match saved.and_then(|blob| download(&name, &blob)) {
                Ok(()) => self.say(false, format!("Saved as {name}."), self.can_go_back()),
                Err(why) => self.warn(format!("It could not be saved: {why}.")),
            }
        });
    }
}
