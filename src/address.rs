//! What an address says: the page, the query's typed parameters, the run in the fragment.
//!
//! Reading is total: what cannot be used becomes a warning and the default stands.

use faultline_lessons::Layout;
use faultline_model::Time;
use faultline_sim::link;
use leptos::prelude::*;

use crate::session::{At, Opening, Session, Speed, Tone};

/// Which page this is, from the document's `data-page`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// The front page.
    Home,
    /// A lesson, by slug.
    Lesson(String),
    /// Free play with a protocol, by slug.
    Sandbox(String),
    /// A lesson within another page, by slug.
    Embed(String),
    /// Something that this program does not know.
    Other(String),
}

impl PageKind {
    /// Of which lesson or protocol; empty when it is of none.
    pub fn slug(&self) -> String {
        match self {
            PageKind::Lesson(slug) | PageKind::Sandbox(slug) | PageKind::Embed(slug) => slug.clone(),
            PageKind::Home | PageKind::Other(_) => String::new(),
        }
    }
}

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Light ground.
    Light,
    /// Dark ground.
    Dark,
}

/// Which pictures an embed shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// The stage.
    #[default]
    Stage,
    /// The space-time diagram.
    Spacetime,
    /// Both.
    Both,
}

/// Which controls an embed shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Controls {
    /// The whole transport.
    #[default]
    Full,
    /// Only Play.
    Play,
    /// Nothing.
    None,
}

/// Everything that an address says.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// The page.
    pub page: PageKind,
    /// `seed`, `at` and the fragment.
    pub opening: Opening,
    /// `step`: the lesson's step, from 1.
    pub step: Option<u32>,
    /// `speed`.
    pub speed: Option<Speed>,
    /// `theme`.
    pub theme: Option<Theme>,
    /// `view`; `None` when it was not given.
    pub view: Option<Shown>,
    /// `controls`.
    pub controls: Controls,
    /// `layout`.
    pub layout: Option<Layout>,
    /// What could not be used, each a sentence.
    pub warnings: Vec<String>,
}

/// So many bytes of a bad value are repeated in its warning.
const QUOTED: usize = 40;

impl Address {
    /// The address of the document.
    pub fn of_this_page() -> Address {
        let page = document().document_element().and_then(|html| html.get_attribute("data-page"));
        let location = window().location();
        Address::read(
            &page.unwrap_or_default(),
            &location.search().unwrap_or_default(),
            &location.hash().unwrap_or_default(),
        )
    }

    /// Reads `data-page`, the query with its `?` and the fragment with its `#`.
    pub fn read(page: &str, query: &str, fragment: &str) -> Address {
        let page = match page.split_once(':') {
            _ if page == "home" => PageKind::Home,
            Some(("lesson", slug)) => PageKind::Lesson(slug.to_owned()),
            Some(("sandbox", slug)) => PageKind::Sandbox(slug.to_owned()),
            Some(("embed", slug)) => PageKind::Embed(slug.to_owned()),
            _ => PageKind::Other(page.to_owned()),
        };
        let mut address = Address {
            page,
            opening: Opening::default(),
            step: None,
            speed: None,
            theme: None,
            view: None,
            controls: Controls::Full,
            layout: None,
            warnings: vec![],
        };
        for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let Err(expected) = address.set(name, &unescape(value)) {
                let shown: String = unescape(value).chars().take(QUOTED).collect();
                address
                    .warnings
                    .push(format!("The address says {name}={shown}, which cannot be used: {expected}."));
            }
        }
        if let Some(text) = fragment.strip_prefix("#s=") {
            match link::decode(text) {
                Ok(run) => address.opening.run = Some(run),
                Err(error) => address.warnings.push(format!("The linked run cannot be opened: {error}.")),
            }
        }
        address
    }

    /// Sets one parameter; the error says what would be right. Unknown names belong to others.
    fn set(&mut self, name: &str, value: &str) -> Result<(), &'static str> {
        match name {
            "seed" => {
                let seed = value.parse().map_err(|_| "a seed is a whole number, such as 42")?;
                self.opening.seed = Some(seed);
            }
            "step" => {
                let step = value.parse().ok().filter(|step| (1..=99).contains(step));
                self.step = Some(step.ok_or("a step is a whole number from 1")?);
            }
            "at" => {
                let at =
                    match value.parse() {
                        Ok(event) => At::Event(event),
                        Err(_) => At::Time(value.parse::<Time>().map_err(
                            |_| "write the number of an event, such as 128, or a time, such as 1.2s",
                        )?),
                    };
                self.opening.at = Some(at);
            }
            "speed" => {
                let speed = Speed::parse(value);
                self.speed = Some(speed.ok_or("a speed is `event` or a number from 0.001 to 10")?);
            }
            "theme" => {
                self.theme = Some(match value {
                    "light" => Theme::Light,
                    "dark" => Theme::Dark,
                    "auto" => Theme::Auto,
                    _ => return Err("a theme is light, dark or auto"),
                });
            }
            "lang" if value != "en" => return Err("the pages speak English (en) so far"),
            "view" => {
                self.view = Some(match value {
                    "stage" => Shown::Stage,
                    "spacetime" => Shown::Spacetime,
                    "both" => Shown::Both,
                    _ => return Err("a view is stage, spacetime or both"),
                });
            }
            "controls" => {
                self.controls = match value {
                    "full" => Controls::Full,
                    "play" => Controls::Play,
                    "none" => Controls::None,
                    _ => return Err("controls are full, play or none"),
                };
            }
            "layout" => {
                self.layout = Some(Layout::named(value).ok_or(
                    "a layout is pair, ring, chain, star, grid, tiers, regions, hash-ring, overlay or free",
                )?);
            }
            _ => {}
        }
        Ok(())
    }

    /// Gives a session what the address says of its run, and shows what could not be used.
    pub fn prepare(&self, session: Session) {
        session.set_opening(self.opening.clone());
        if let Some(speed) = self.speed {
            session.speed.set(speed);
        }
        if let Some(layout) = &self.layout {
            session.layout.set(Some(layout.clone()));
        }
        // One notice: however many values are bad, none pushes another out of sight.
        if !self.warnings.is_empty() {
            session.notify(Tone::Warning, self.warnings.join(" "));
        }
    }
}

/// Per cent escapes and plus signs, as far as they are text; anything else stands as it is.
fn unescape(value: &str) -> String {
    let bytes = value.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let escaped = (bytes[i] == b'%').then(|| value.get(i + 1..i + 3)).flatten();
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                i += 3;
            }
            None => {
                plain.push(if bytes[i] == b'+' { b' ' } else { bytes[i] });
                i += 1;
            }
        }
    }
    String::from_utf8(plain).unwrap_or_else(|_| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_read() {
        let query =
            "?seed=7&step=3&at=1.5s&speed=0.1&theme=dark&lang=en&view=both&controls=play&layout=hash-ring";
        let address = Address::read("embed:raft-elections", query, "");
        assert_eq!(address.page, PageKind::Embed("raft-elections".to_owned()));
        assert_eq!(address.opening.seed, Some(7));
        assert_eq!(address.opening.at, Some(At::Time(Time(1_500_000))));
        assert_eq!((address.step, address.speed), (Some(3), Some(Speed::Scaled(0.1))));
        assert_eq!((address.theme, address.view), (Some(Theme::Dark), Some(Shown::Both)));
        assert_eq!((address.controls, address.warnings.len()), (Controls::Play, 0));
        assert_eq!(address.layout, Some(Layout::HashRing));
        assert_eq!(Address::read("home", "?at=128", "").opening.at, Some(At::Event(128)));
    }

    #[test]
    fn a_bad_value_warns_and_the_default_stands() {
        for query in [
            "seed=x",
            "seed=-1",
            "step=0",
            "at=soon",
            "speed=0",
            "speed=NaN",
            "theme=pink",
            "lang=xx",
            "view=",
            "controls=all",
            "layout=circle",
            "seed=99999999999999999999",
            "at=%ff",
            "at=%é",
            "at=%4",
        ] {
            let address = Address::read("lesson:x", query, "");
            assert_eq!(address.warnings.len(), 1, "{query}");
            let good = Address { warnings: vec![], ..address };
            assert_eq!(good, Address::read("lesson:x", "", ""), "{query}");
        }
        let long = Address::read("home", &format!("seed={}", "9".repeat(5_000)), "");
        assert!(long.warnings[0].len() < 200);
    }

    #[test]
    fn a_damaged_link_warns() {
        let address = Address::read("home", "", "#s=AAAA");
        assert_eq!((address.opening.run, address.warnings.len()), (None, 1));
        assert_eq!(Address::read("home", "", "#top").warnings.len(), 0);
    }
}
