//! `export`: the picture or the run, as text.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, HtmlImageElement};

use super::{Answer, json};
use crate::session::Session;
use crate::shell::share_link;

/// `"svg"`, `"png"` (a data URL), `"json"`, `"script"` or `"link"`.
pub async fn export(session: Session, argument: &JsValue) -> Answer {
    match argument.as_string().as_deref() {
        Some("svg") => picture().map(|(svg, ..)| svg.into()),
        Some("png") => png().await,
        Some("json") => untrack(|| json(&session.run())),
        Some("script") => Ok(session.script().into()),
        Some("link") => Ok(untrack(|| share_link(session)).into()),
        _ => Err("export takes \"svg\", \"png\", \"json\", \"script\" or \"link\"".to_owned()),
    }
}

/// What a picture needs of its style sheet, so that it looks the same elsewhere.
const KEPT: [&str; 14] = [
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "opacity",
    "font-family",
    "font-size",
    "font-weight",
    "letter-spacing",
    "text-anchor",
    "paint-order",
    "display",
];

/// The stage as a picture of its own, with its size.
fn picture() -> Result<(String, f64, f64), String> {
    let missing = || "there is no stage on this page".to_owned();
    let failed = |_| "the picture could not be copied".to_owned();
    let stage = document().query_selector(".picture").ok().flatten().ok_or_else(missing)?;
    let bounds = stage.get_bounding_client_rect();
    let copy: Element = stage.clone_node_with_deep(true).map_err(failed)?.unchecked_into();
    let all = |root: &Element| -> Vec<Element> {
        let found = root.query_selector_all("*");
        let count = found.as_ref().map_or(0, web_sys::NodeList::length);
        (0..count).filter_map(|i| found.as_ref().ok()?.get(i)?.dyn_into().ok()).collect()
    };
    for (original, copied) in all(&stage).iter().zip(all(&copy)) {
        let Ok(Some(style)) = window().get_computed_style(original) else {
            continue;
        };
        let kept: String = KEPT
            .iter()
            .filter_map(|name| Some(format!("{name}:{};", style.get_property_value(name).ok()?)))
            .collect();
        copied.set_attribute("style", &kept).map_err(failed)?;
    }
    let body = document().body().ok_or_else(missing)?;
    let ground = window().get_computed_style(&body).ok().flatten();
    let ground =
        ground.and_then(|style| style.get_property_value("background-color").ok()).unwrap_or_default();
    let (width, height) = (bounds.width(), bounds.height());
    for (name, value) in [
        ("xmlns", "http://www.w3.org/2000/svg".to_owned()),
        ("width", format!("{width:.0}")),
        ("height", format!("{height:.0}")),
        ("style", format!("background:{ground}")),
    ] {
        copy.set_attribute(name, &value).map_err(failed)?;
    }
    let text = web_sys::XmlSerializer::new()
        .and_then(|serializer| serializer.serialize_to_string(&copy))
        .map_err(failed)?;
    Ok((text, width, height))
}

/// The stage as pixels, twice as fine as on screen.
async fn png() -> Answer {
    let failed = |_: JsValue| "the picture could not be drawn".to_owned();
    let (svg, width, height) = picture()?;
    let image = HtmlImageElement::new().map_err(failed)?;
    let encoded = js_sys::encode_uri_component(&svg);
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{}", String::from(encoded)));
    JsFuture::from(image.decode()).await.map_err(failed)?;
    let canvas: HtmlCanvasElement = document().create_element("canvas").map_err(failed)?.unchecked_into();
    canvas.set_width((width * 2.0) as u32);
    canvas.set_height((height * 2.0) as u32);
    let context = canvas.get_context("2d").map_err(failed)?.ok_or("this browser cannot draw pictures")?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context
        .draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width * 2.0, height * 2.0)
        .map_err(failed)?;
    canvas.to_data_url_with_type("image/png").map(Into::into).map_err(failed)
}
