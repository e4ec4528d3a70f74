//! Where a learner's progress is kept: the browser's own storage, and nowhere else.
//!
//! A storage that is full or forbidden loses nothing on screen: the progress then lives as long as
//! the page, and the learner is told so.

use faultline_lessons::{Comeback, LessonProgress, PROGRESS_VERSION, Progress};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// Under which name it is kept.
const KEY: &str = "faultline.progress";
/// Where text goes that could not be read, so that nothing is thrown away.
const ASIDE: &str = "faultline.progress.unreadable";

/// Why progress is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// The browser forbids it.
    Forbidden,
    /// There is no room.
    Full,
    /// A newer program wrote what is there; it is left alone.
    Newer,
}

impl NotKept {
    /// For the learner.
    pub fn sentence(self) -> &'static str {
        match self {
            NotKept::Forbidden => {
                "This browser does not let the page keep your progress. It lasts until you close the page."
            }
            NotKept::Full => {
                "This browser’s storage is full, so your progress is not kept. It lasts until you close the page."
            }
            NotKept::Newer => {
                "Your progress was kept by a newer Faultline and is left as it is. What you do now lasts until \
                 you close the page."
            }
        }
    }
}

/// Why a text is not somebody's progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// A newer program wrote it.
    Newer,
    /// It is something else, or damaged.
    Other,
}

/// The learner's progress, for every component of the page.
#[derive(Clone, Copy)]
pub struct Shelf {
    progress: RwSignal<Progress>,
    trouble: RwSignal<Option<NotKept>>,
}

impl Shelf {
    /// What was kept before, put into the context. Asking twice gives the same shelf.
    pub fn provide() -> Shelf {
        if let Some(shelf) = use_context::<Shelf>() {
            return shelf;
        }
        let (progress, trouble) = match read() {
            Ok(progress) => (progress, None),
            Err(trouble) => (Progress::default(), Some(trouble)),
        };
        let shelf = Shelf { progress: RwSignal::new(progress), trouble: RwSignal::new(trouble) };
        provide_context(shelf);
        shelf
    }

    /// How far a lesson has come; subscribes.
    pub fn lesson(self, slug: &str) -> LessonProgress {
        self.progress.with(|progress| progress.lessons.get(slug).cloned().unwrap_or_default())
    }

    /// How many lessons are completed; subscribes.
    pub fn completed(self) -> usize {
        self.progress.with(Progress::completed)
    }

    /// Why progress is not kept, if it is not; subscribes.
    pub fn trouble(self) -> Option<NotKept> {
        self.trouble.get()
    }

    /// What comes back today in a lesson; subscribes.
    pub fn comeback(self, slug: &str) -> Option<Comeback> {
        self.progress.with(|progress| progress.comeback(slug, today()).cloned())
    }

    /// All of it; subscribes.
    pub fn all(self) -> Progress {
        self.progress.get()
    }

    /// Whether nothing is kept; subscribes.
    pub fn is_empty(self) -> bool {
        self.progress.with(|progress| *progress == Progress::default())
    }

    /// Keeps this and nothing of what was kept before.
    pub fn replace(self, progress: &Progress) {
        self.change(|kept| *kept = progress.clone());
    }

    /// Keeps a lesson's progress.
    pub fn keep(self, slug: &str, record: &LessonProgress) {
        self.change(|progress| drop(progress.lessons.insert(slug.to_owned(), record.clone())));
    }

    /// Changes what is kept. All else stays as it is in the storage: another tab may have written it since.
    pub fn change(self, change: impl Fn(&mut Progress)) {
        self.progress.update(&change);
        if self.trouble.get_untracked() == Some(NotKept::Newer) {
            return;
        }
        let kept = read().and_then(|mut stored| {
            change(&mut stored);
            write(&stored)
        });
        if self.trouble.get_untracked() != kept.err() {
            self.trouble.set(kept.err());
        }
    }
}

/// The day by the learner's clock, in whole days since 1970.
pub fn today() -> u32 {
    const DAY_MS: f64 = 86_400_000.0;
    (js_sys::Date::now() / DAY_MS) as u32
}

fn storage() -> Result<web_sys::Storage, NotKept> {
    window().local_storage().ok().flatten().ok_or(NotKept::Forbidden)
}

fn read() -> Result<Progress, NotKept> {
    let storage = storage()?;
    let text = storage.get_item(KEY).map_err(|_| NotKept::Forbidden)?;
    let Some(text) = text else {
        return Ok(Progress::default());
    };
    match of_text(&text) {
        Ok(progress) => Ok(progress),
        Err(Unread::Newer) => Err(NotKept::Newer),
        Err(Unread::Other) => {
            // Somebody else's text, or a damaged one: put aside rather than overwritten.
            let _ = storage.set_item(ASIDE, &text);
            Ok(Progress::default())
        }
    }
}

/// Progress as it is kept and saved.
pub fn of_text(text: &str) -> Result<Progress, Unread> {
    let value = js_sys::JSON::parse(text).map_err(|_| Unread::Other)?;
    if version_of(&value).is_some_and(|version| version > f64::from(PROGRESS_VERSION)) {
        return Err(Unread::Newer);
    }
    serde_wasm_bindgen::from_value(value).map_err(|_| Unread::Other)
}

/// The text that [`of_text`] reads; nothing when there is no memory for it.
pub fn to_text(progress: &Progress) -> Option<String> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    let value = progress.serialize(&serializer).ok()?;
    js_sys::JSON::stringify(&value).ok().map(String::from)
}

fn version_of(value: &JsValue) -> Option<f64> {
    js_sys::Reflect::get(value, &JsValue::from_str("version")).ok()?.as_f64()
}

fn write(progress: &Progress) -> Result<(), NotKept> {
    let text = to_text(progress).ok_or(NotKept::Full)?;
    storage()?.set_item(KEY, &text).map_err(|_| NotKept::Full)
}
