//! Opening a run: reading it, playing it again, saying in what it is another one than its file says.

use faultline_chunk::chunk;
use faultline_lessons::catalogue;
use faultline_sim::file::{Comparing, Difference};
use faultline_sim::{Run, RunFile, Scenario, Script, Timeline, link};
use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::gather::{APP, protocol_version};
use super::incoming::{Incoming, MOST_BYTES, recognise};
use super::play::{Piece, Play, scenario_of};
use super::{Exchange, State, breathe, json, visit};

/// So many events are played before the page gets its turn.
const PIECE: u32 = 2_000;

/// What was read.
enum Read {
    Run(Run, Option<Box<RunFile>>),
    Script(Script, Scenario),
}

chunk! { rooms: fn opener() -> fn(Exchange, u32, String, Vec<u8>, bool) { Exchange::open_at_once } }

impl Exchange {
    /// Opens what a file holds.
    pub fn open_file(self, file: File) {
        let name = file.name();
        if file.size() > MOST_BYTES as f64 {
            let error = super::incoming::ImportError::TooLarge(file.size() as usize);
            self.refuse(&name, &error.to_string());
            return;
        }
        leptos::task::spawn_local(async move {
            match JsFuture::from(file.array_buffer()).await {
                Ok(buffer) => self.open(name, Uint8Array::new(&buffer).to_vec(), false),
                Err(_) => self.refuse(&name, "the browser cannot read the file"),
            }
        });
    }

    /// Opens a text: a link, a script or JSON.
    pub fn open_text(self, name: &str, text: &str) {
        self.open(name.to_owned(), text.as_bytes().to_vec(), false);
    }

    /// Opens something; `arrived` when another page has sent it here.
    pub(super) fn open(self, name: String, bytes: Vec<u8>, arrived: bool) {
        let job = self.begin();
        leptos::task::spawn_local(async move {
            match opener().await {
                Ok(open) => open(self, job, name, bytes, arrived),
                Err(unfetched) => self.refuse(&name, &unfetched.to_string()),
            }
        });
    }

    fn open_at_once(self, job: u32, name: String, bytes: Vec<u8>, arrived: bool) {
        leptos::task::spawn_local(async move {
            match self.opened(job, &name, &bytes).await {
                Err(why) if !self.cancelled(job) => self.refuse(&name, &why),
                Ok(Some((warning, text))) if !self.cancelled(job) => {
                    if arrived {
                        // What stood here before was only the page's own beginning.
                        self.previous.set_value(None);
                    }
                    self.say(warning, text, self.can_go_back());
                }
                _ => {}
            }
        });
    }

    fn refuse(self, name: &str, why: &str) {
        let kept = if self.session.is_some() { " The run on stage is untouched." } else { "" };
        let end = if why.ends_with(['.', '!', '?']) { "" } else { "." };
        self.warn(format!("{name} cannot be opened: {why}{end}{kept}"));
    }

    /// Whether something went wrong and what there is to say; nothing when another page takes over.
    async fn opened(self, job: u32, name: &str, bytes: &[u8]) -> Result<Option<(bool, String)>, String> {
        let incoming = recognise(bytes).map_err(|error| error.to_string())?;
        let read = self.read(&incoming)?;
        let scenario = match &read {
            Read::Run(run, _) => run.scenario.clone(),
            Read::Script(_, scenario) => scenario.clone(),
        };
        catalogue::fetch(&scenario.protocol).await.map_err(|error| error.to_string())?;
        if !self.page.with_value(|page| visit::belongs_here(page, &scenario)) {
            visit::go(self, &scenario, name, &incoming)?;
            return Ok(None);
        }
        let (mut play, file) = match read {
            Read::Run(run, file) => (Play::of_run(&run)?, file),
            Read::Script(script, scenario) => (Play::of_script(script, scenario)?, None),
        };
        let mut stopped = None;
        loop {
            match play.go(PIECE) {
                Piece::More => self.report(job, "Playing the run again", play.progress()).await?,
                Piece::Done => break,
                Piece::Stopped(why) => {
                    stopped = Some(why);
                    break;
                }
            }
        }
        let timeline = play.finish();
        if let (Some(why), 0) = (&stopped, timeline.len()) {
            return Err(why.clone());
        }
        let differences = match &file {
            Some(file) => self.compare(job, file, &timeline).await?,
            None => vec![],
        };
        if self.cancelled(job) {
            return Ok(None);
        }
        let said = words(name, &timeline, stopped.as_deref(), &differences);
        self.adopt(timeline);
        Ok(Some(said))
    }

    fn read(self, incoming: &Incoming) -> Result<Read, String> {
        match incoming {
            Incoming::Json(text) => json::read(text).map(|read| Read::Run(read.run, read.file.map(Box::new))),
            Incoming::Link(text) => {
                link::decode(text).map(|run| Read::Run(run, None)).map_err(|error| error.to_string())
            }
            Incoming::Script(text) => {
                let script = Script::parse(text).map_err(|error| format!("as a script: {error}"))?;
                // Lines that do not say which protocol they are for are meant for the run on stage.
                let here =
                    self.session.and_then(|session| untrack(|| session.scenario())).unwrap_or_default();
                let scenario = scenario_of(&script, here);
                if scenario.protocol.is_empty() {
                    return Err("the script does not say what it is for: begin it with `protocol raft`, say"
                        .to_owned());
                }
                Ok(Read::Script(script, scenario))
            }
        }
    }

    /// Says how far something is and lets the page live; an error when it was cancelled.
    async fn report(self, job: u32, what: &str, (done, of): (u32, u32)) -> Result<(), String> {
        if self.cancelled(job) {
            return Err("it was cancelled".to_owned());
        }
        self.state.set(State::Busy(what.to_owned(), done, of));
        breathe().await;
        Ok(())
    }

    async fn compare(self, job: u32, file: &RunFile, timeline: &Timeline) -> Result<Vec<Difference>, String> {
        let mut all = file.other_version(APP, &protocol_version(&file.run.scenario.protocol));
        let mut comparing = Comparing::new(file, timeline);
        loop {
            match comparing.go(timeline, PIECE) {
                Some(difference) => {
                    all.extend(difference);
                    return Ok(all);
                }
                None => self.report(job, "Comparing it with its file", comparing.progress()).await?,
            }
        }
    }

    pub(super) fn can_go_back(self) -> bool {
        self.previous.with_value(Option::is_some) || self.far.with_value(Option::is_some)
    }
}

/// What there is to say of a run that was opened, and whether it is a warning.
fn words(
    name: &str,
    timeline: &Timeline,
    stopped: Option<&str>,
    differences: &[Difference],
) -> (bool, String) {
    let (len, cursor) = (timeline.len(), timeline.cursor());
    let mut text = format!("Opened {name}: {len} events, at event {cursor}.");
    let trace = differences.iter().find_map(|difference| match difference {
        Difference::Trace { by, .. } => Some(*by),
        _ => None,
    });
    if !differences.is_empty() {
        let said: Vec<String> = differences.iter().map(ToString::to_string).collect();
        text.push_str(&format!(" It is not as its file says: {}", said.join("; ")));
        match trace.and_then(|by| timeline.narrate(by)) {
            Some(sentence) => text.push_str(&format!(" (here: “{}”).", sentence.text)),
            None if trace.is_none() && stopped.is_none() => {
                text.push_str(". Event for event it plays the same here.");
            }
            None => text.push('.'),
        }
    }
    if let Some(why) = stopped {
        let end = if why.ends_with('.') { "" } else { "." };
        text.push_str(&format!(" It could be played only up to event {len}: {why}{end}"));
    }
    (trace.is_some() || stopped.is_some(), text)
}

#[cfg(test)]
mod tests {
    use faultline_sim::Scenario;

    use super::*;

    #[test]
    fn what_was_opened_is_told_with_all_that_differs() {
        let scenario = Scenario { protocol: "raft".to_owned(), seed: 42, ..Scenario::default() };
        let world = catalogue::build(&scenario).unwrap();
        let mut timeline = Timeline::new(scenario, world);
        (0..30).for_each(|_| assert!(timeline.step().is_some()));
        let plain = words("a.json", &timeline, None, &[]);
        assert_eq!(plain, (false, "Opened a.json: 30 events, at event 30.".to_owned()));

        let app = Difference::App { file: "9.0.0".to_owned(), here: "0.1.0".to_owned() };
        let (warning, text) = words("a.json", &timeline, None, std::slice::from_ref(&app));
        assert!(
            !warning && text.ends_with("this is 0.1.0. Event for event it plays the same here."),
            "{text}"
        );

        let trace = Difference::Trace { after: 6, by: 7 };
        let (warning, text) = words("a.json", &timeline, None, &[app, trace]);
        let sentence = timeline.narrate(7).unwrap().text;
        assert!(warning && text.contains("; event 7 is the first that is another one (here: “"), "{text}");
        assert!(text.contains(&sentence), "{text}");

        let (warning, text) = words("a.txt", &timeline, Some("line 5: `crash S9`: there is no node S9"), &[]);
        assert!(
            warning && text.ends_with("only up to event 30: line 5: `crash S9`: there is no node S9."),
            "{text}"
        );
    }
}
