//! What is drawn on the page as a picture that stands by itself.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, CssStyleDeclaration, DomRect, Element, HtmlCanvasElement, HtmlImageElement,
};

use super::embedded::RUN_ID;

const SVG: &str = "http://www.w3.org/2000/svg";

/// What an element has from its parent unless its style says otherwise.
const INHERITED: [&str; 16] = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-opacity",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "letter-spacing",
    "text-anchor",
    "paint-order",
    "visibility",
];

/// What an element has of its own, and what it is when nobody says anything.
const OWN: [(&str, &str); 4] = [
    ("opacity", "1"),
    ("dominant-baseline", "auto"),
    ("vector-effect", "none"),
    ("text-decoration-line", "none"),
];

/// A picture: SVG text that needs nothing else, and its size in pixels.
pub struct Picture {
    /// The text.
    pub svg: String,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

/// The names under which the pictures of the page are exported, and where they are drawn.
pub fn place_of(name: &str) -> Result<Element, String> {
    let selector = match name {
        "stage" => ".stage-field",
        _ => ".spacetime-plot",
    };
    let found = document().query_selector(selector).ok().flatten();
    found.filter(|place| place.get_bounding_client_rect().width() > 0.0).ok_or_else(|| match name {
        "stage" => "there is no stage on this page".to_owned(),
        _ => "the space-time diagram is not on screen: show it first".to_owned(),
    })
}

/// Everything that is drawn within `place`, with the run as metadata if it is given.
pub fn picture(place: &Element, run: Option<&str>) -> Result<Picture, String> {
    draw_up(place, run).map_err(|_| "the picture could not be copied".to_owned())
}

fn draw_up(place: &Element, run: Option<&str>) -> Result<Picture, JsValue> {
    let bounds = place.get_bounding_client_rect();
    let (width, height) = (bounds.width().round(), bounds.height().round());
    let root = element("svg", [0.0, 0.0, width, height])?;
    if let Some(run) = run {
        let metadata = document().create_element_ns(Some(SVG), "metadata")?;
        metadata.set_attribute("id", RUN_ID)?;
        metadata.set_text_content(Some(run));
        root.append_child(&metadata)?;
    }
    let ground = element("rect", [0.0, 0.0, width, height])?;
    ground.set_attribute("fill", &ground_of(place))?;
    root.append_child(&ground)?;
    for layer in layers(place)? {
        let copy = copied(&layer, place, &bounds)?;
        root.append_child(&copy)?;
    }
    let svg = web_sys::XmlSerializer::new()?.serialize_to_string(&root)?;
    Ok(Picture { svg, width, height })
}

fn element(name: &str, [x, y, width, height]: [f64; 4]) -> Result<Element, JsValue> {
    let element = document().create_element_ns(Some(SVG), name)?;
    for (name, value) in [("x", x), ("y", y), ("width", width), ("height", height)] {
        element.set_attribute(name, &value.to_string())?;
    }
    Ok(element)
}

/// The drawings within, bottom to top; not the icons of buttons and menus.
fn layers(place: &Element) -> Result<Vec<Element>, JsValue> {
    let found = place.query_selector_all("svg, canvas")?;
    let all = (0..found.length()).filter_map(|i| found.get(i)?.dyn_into::<Element>().ok());
    let outermost = |layer: &Element| {
        let above =
            layer.parent_element().and_then(|parent| parent.closest("svg, button, .menu").ok().flatten());
        above.is_none()
    };
    Ok(all.filter(outermost).collect())
}

/// A layer at its place, clipped as the page clips it.
fn copied(layer: &Element, place: &Element, bounds: &DomRect) -> Result<Element, JsValue> {
    let own = layer.get_bounding_client_rect();
    let mut clip = [own.left(), own.top(), own.right(), own.bottom()];
    let mut above = layer.parent_element();
    while let Some(parent) = above {
        let style = window().get_computed_style(&parent)?;
        let clips = style.is_some_and(|style| value(&style, "overflow-x") != "visible");
        if clips || parent == *place {
            let rect = parent.get_bounding_client_rect();
            let [left, top, right, bottom] = clip;
            clip = [
                left.max(rect.left()),
                top.max(rect.top()),
                right.min(rect.right()),
                bottom.min(rect.bottom()),
            ];
        }
        above = if parent == *place { None } else { parent.parent_element() };
    }
    let [left, top, right, bottom] = clip;
    let (width, height) = ((right - left).max(0.0), (bottom - top).max(0.0));
    let outer = element("svg", [left - bounds.left(), top - bounds.top(), width, height])?;
    let at = [own.left() - left, own.top() - top, own.width(), own.height()];
    let inner = match layer.dyn_ref::<HtmlCanvasElement>() {
        Some(canvas) => {
            let image = element("image", at)?;
            image.set_attribute("href", &canvas.to_data_url()?)?;
            image
        }
        None => {
            let copy: Element = layer.clone_node_with_deep(true)?.unchecked_into();
            dress(layer, &copy, &[], true)?;
            for (name, value) in ["x", "y", "width", "height"].into_iter().zip(at) {
                copy.set_attribute(name, &value.to_string())?;
            }
            copy
        }
    };
    outer.append_child(&inner)?;
    Ok(outer)
}

/// Writes what the style sheet says of an element into its copy. False when it is not shown at all.
fn dress(original: &Element, copy: &Element, inherited: &[String], top: bool) -> Result<bool, JsValue> {
    let Some(style) = window().get_computed_style(original)? else {
        return Ok(true);
    };
    if value(&style, "display") == "none" {
        return Ok(false);
    }
    let here: Vec<String> = INHERITED.iter().map(|name| value(&style, name)).collect();
    let mut text = String::new();
    let mut say = |name: &str, value: &str| {
        text.push_str(name);
        text.push(':');
        text.push_str(value);
        text.push(';');
    };
    for (place, name) in INHERITED.iter().enumerate() {
        if inherited.get(place) != Some(&here[place]) {
            say(name, &here[place]);
        }
    }
    for (name, usual) in OWN {
        let value = value(&style, name);
        if value != usual {
            say(name, &value);
        }
    }
    // What moves the whole layer is in its place already, and an attribute needs no style.
    if !top && !original.has_attribute("transform") {
        let transform = value(&style, "transform");
        if transform != "none" {
            say("transform", &transform);
            say("transform-origin", &value(&style, "transform-origin"));
            say("transform-box", &value(&style, "transform-box"));
        }
    }
    for name in ["class", "tabindex", "role", "style"] {
        copy.remove_attribute(name)?;
    }
    if !text.is_empty() {
        copy.set_attribute("style", &text)?;
    }
    let (mut theirs, mut ours) = (original.first_element_child(), copy.first_element_child());
    while let (Some(child), Some(twin)) = (theirs, ours) {
        let next = twin.next_element_sibling();
        if !dress(&child, &twin, &here, false)? {
            twin.remove();
        }
        (theirs, ours) = (child.next_element_sibling(), next);
    }
    Ok(true)
}

fn value(style: &CssStyleDeclaration, name: &str) -> String {
    style.get_property_value(name).unwrap_or_default()
}

/// The colour behind it: its own, or that of the nearest element around it that has one.
fn ground_of(place: &Element) -> String {
    let mut above = Some(place.clone());
    while let Some(here) = above {
        let style = window().get_computed_style(&here).ok().flatten();
        let colour = style.map(|style| value(&style, "background-color")).unwrap_or_default();
        if !colour.is_empty() && colour != "transparent" && !colour.ends_with(", 0)") {
            return colour;
        }
        above = here.parent_element();
    }
    "none".to_owned()
}

impl Picture {
    /// Draws it on a canvas, as large as it fits, in place of what is there.
    pub async fn onto(&self, canvas: &HtmlCanvasElement) -> Result<(), String> {
        let failed = |_: JsValue| "the picture could not be drawn".to_owned();
        let image = HtmlImageElement::new().map_err(failed)?;
        let encoded = String::from(js_sys::encode_uri_component(&self.svg));
        image.set_src(&format!("data:image/svg+xml;charset=utf-8,{encoded}"));
        JsFuture::from(image.decode()).await.map_err(failed)?;
        let context = canvas.get_context("2d").map_err(failed)?.ok_or("this browser cannot draw pictures")?;
        let context: CanvasRenderingContext2d = context.unchecked_into();
        let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
        let scale = (width / self.width).min(height / self.height);
        context.clear_rect(0.0, 0.0, width, height);
        context
            .draw_image_with_html_image_element_and_dw_and_dh(
                &image,
                0.0,
                0.0,
                self.width * scale,
                self.height * scale,
            )
            .map_err(failed)
    }

    /// A canvas of its size, `scale` times as large.
    pub fn canvas(&self, scale: f64) -> Result<HtmlCanvasElement, String> {
        let failed = |_: JsValue| "this browser cannot draw pictures".to_owned();
        let canvas = document().create_element("canvas").map_err(failed)?;
        let canvas: HtmlCanvasElement = canvas.dyn_into().map_err(|_| failed(JsValue::NULL))?;
        canvas.set_width((self.width * scale) as u32);
        canvas.set_height((self.height * scale) as u32);
        Ok(canvas)
    }

    /// As pixels, twice as fine as on screen: a `data:` address.
    pub async fn png(&self) -> Result<String, String> {
        let canvas = self.canvas(2.0)?;
        self.onto(&canvas).await?;
        canvas.to_data_url_with_type("image/png").map_err(|_| "the picture could not be written".to_owned())
    }
}
