//! Handing something to the reader as a file.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::session::Session;

/// A text as the content of a file.
pub fn text_blob(text: &str, kind: &str) -> Result<Blob, String> {
    of_parts(&Array::of1(&JsValue::from_str(text)), kind)
}

/// Bytes as the content of a file.
pub fn byte_blob(bytes: &[u8], kind: &str) -> Result<Blob, String> {
    of_parts(&Array::of1(&Uint8Array::from(bytes)), kind)
}

/// Parts, texts or blobs, one behind the other as the content of a file.
pub fn of_parts(parts: &Array, kind: &str) -> Result<Blob, String> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_str_sequence_and_options(parts, &options)
        .map_err(|_| "there is not enough memory for the file".to_owned())
}

/// Has the browser save it under that name.
pub fn download(name: &str, blob: &Blob) -> Result<(), String> {
    let failed = |_: JsValue| "this browser does not save files from here".to_owned();
    let address = Url::create_object_url_with_blob(blob).map_err(failed)?;
    let anchor: HtmlAnchorElement =
        document().create_element("a").map_err(failed)?.dyn_into().map_err(|_| failed(JsValue::NULL))?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    // Browsers begin to read it after the click has been handled.
    Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&address);
    })
    .forget();
    Ok(())
}

/// What a file of this run is called: the protocol, the digest at the cursor, what it is.
pub fn file_name(session: Session, ending: &str) -> String {
    let slug = untrack(|| session.about()).map_or("run", |about| about.slug);
    let digest = untrack(|| session.digest()).unwrap_or_default();
    format!("faultline-{slug}-{digest:016x}{ending}")
}
