//! Recording what is drawn as a video.
//!
//! The picture is drawn on a canvas some times a second, and the browser's own recorder reads the canvas.

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BlobEvent, HtmlCanvasElement, MediaRecorder, MediaRecorderOptions};

use super::picture::{picture, place_of};
use super::save::{download, file_name, of_parts};
use super::{Exchange, Recording, Wish};
use crate::widgets::focus_on;

/// The time between two pictures, milliseconds.
const FRAME: f64 = 80.0;
/// No recording is longer, milliseconds.
const LONGEST: f64 = 120_000.0;
/// The page has found its new shape after so long, milliseconds.
const SETTLED: u32 = 150;
/// The recorder hands over what it has so often, milliseconds.
const SLICE: i32 = 500;

/// Whether this browser can record at all.
pub fn possible() -> bool {
    Reflect::has(&window(), &"MediaRecorder".into()).unwrap_or(false)
}

/// The first of the media types that the recorder can write, and the ending of its files.
fn media() -> Option<(&'static str, &'static str)> {
    let all = [("video/webm;codecs=vp9", ".webm"), ("video/webm", ".webm"), ("video/mp4", ".mp4")];
    all.into_iter().find(|(media, _)| MediaRecorder::is_type_supported(media))
}

/// A recorder at work, and what it has handed over.
struct Recorder {
    recorder: MediaRecorder,
    parts: Array,
    /// Called by the browser for as long as the recorder works.
    _take: Closure<dyn FnMut(BlobEvent)>,
}

impl Recorder {
    fn start(canvas: &HtmlCanvasElement, media: &str) -> Result<Recorder, String> {
        let failed = |_: JsValue| "this browser cannot record a canvas".to_owned();
        let stream = canvas.capture_stream().map_err(failed)?;
        let options = MediaRecorderOptions::new();
        options.set_mime_type(media);
        let recorder = MediaRecorder::new_with_media_stream_and_media_recorder_options(&stream, &options)
            .map_err(failed)?;
        let parts = Array::new();
        let taken = parts.clone();
        let take = Closure::<dyn FnMut(BlobEvent)>::new(move |event: BlobEvent| {
            if let Some(part) = event.data().filter(|part| part.size() > 0.0) {
                taken.push(&part);
            }
        });
        recorder.set_ondataavailable(Some(take.as_ref().unchecked_ref()));
        recorder.start_with_time_slice(SLICE).map_err(failed)?;
        Ok(Recorder { recorder, parts, _take: take })
    }

    fn kilobytes(&self) -> u32 {
        let size = |part: JsValue| part.dyn_into::<web_sys::Blob>().map_or(0.0, |part| part.size());
        (self.parts.iter().map(size).sum::<f64>() / 1_024.0) as u32
    }

    /// Everything that was recorded.
    async fn stop(self) -> Result<Array, String> {
        let failed = |_: JsValue| "the recording broke off".to_owned();
        let stopped = Promise::new(&mut |resolve, _| self.recorder.set_onstop(Some(&resolve)));
        self.recorder.stop().map_err(failed)?;
        JsFuture::from(stopped).await.map_err(failed)?;
        self.recorder.set_ondataavailable(None);
        Ok(self.parts)
    }
}

impl Exchange {
    /// Records "stage" or "diagram" while time runs, until somebody stops it.
    pub fn record(self, place: &'static str) {
        if self.recording.with_untracked(Option::is_some) {
            return self.warn("Something is being recorded already: stop that first.");
        }
        self.wish.set_value(Wish::Go);
        leptos::task::spawn_local(async move {
            let done = self.film(place).await;
            self.recording.set(None);
            match done {
                Ok(Some(name)) => self.say(false, format!("Saved as {name}."), self.can_go_back()),
                Ok(None) => self.say(false, "The recording was thrown away.".to_owned(), self.can_go_back()),
                Err(why) => self.warn(format!("It cannot be recorded: {why}.")),
            }
        });
    }

    /// The name of the file; nothing when it was cancelled.
    async fn film(self, name: &'static str) -> Result<Option<String>, String> {
        let session = self.session.ok_or("there is no run on this page")?;
        let (media, ending) = media().ok_or("this browser writes no kind of video that is known here")?;
        // The row that says so takes its room before the first picture is drawn.
        self.recording.set(Some(Recording { place: name, seconds: 0, kilobytes: 0 }));
        TimeoutFuture::new(SETTLED).await;
        focus_on(".desk[aria-label=Recording] button");
        let first = picture(&place_of(name)?, None)?;
        let scale = if first.width < 900.0 { 2.0 } else { 1.0 };
        let canvas = first.canvas(scale)?;
        first.onto(&canvas).await?;
        let file = file_name(session, ending);
        let recorder = Recorder::start(&canvas, media)?;
        session.announce(format!("Recording the {name}."));
        session.play();
        let start = now();
        while self.wish.try_get_value() == Some(Wish::Go) && now() - start < LONGEST {
            let began = now();
            // A picture that cannot be drawn, because its pane is hidden say, leaves the last one.
            if let Ok(drawn) = place_of(name).and_then(|place| picture(&place, None)) {
                drawn.onto(&canvas).await?;
            }
            let (seconds, kilobytes) = (((now() - start) / 1_000.0) as u32, recorder.kilobytes());
            let recording = Some(Recording { place: name, seconds, kilobytes });
            if self.recording.with_untracked(|shown| *shown != recording) {
                self.recording.set(recording);
            }
            TimeoutFuture::new((FRAME - (now() - began)).max(4.0) as u32).await;
        }
        let parts = recorder.stop().await?;
        if self.wish.try_get_value() == Some(Wish::Cancel) {
            return Ok(None);
        }
        session.pause();
        download(&file, &of_parts(&parts, media)?)?;
        Ok(Some(file))
    }
}

fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
