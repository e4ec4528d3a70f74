//! Pictures with so many marks that a canvas draws them faster than the document.
//!
//! The marks look as the style sheet says, on the canvas too: a probe takes on each mark's class, and
//! what the browser makes of it is drawn with.

use std::sync::Arc;

use leptos::html::Canvas;
use leptos::prelude::*;
use leptos_use_media_query::use_media_query;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, Element, Path2d};

use super::palette::hue_word;
use super::picture::{Picture, Stroke};
use crate::widgets::use_themes;

/// A canvas has at most so many pixels; beyond, it is coarser than the screen.
const MOST_PIXELS: f64 = 12e6;

/// The strokes and labels of a large picture; empty for a small one.
#[component]
pub fn Plate(
    #[prop(into)] picture: Signal<Arc<Picture>>,
    #[prop(into)] width: Signal<f64>,
    height: Signal<f64>,
    /// How far it is moved, a CSS transform.
    shift: Signal<String>,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let themes = use_themes();
    let dark = use_media_query("(prefers-color-scheme: dark)");
    Effect::new(move |_| {
        dark.track();
        themes.label();
        let size = (width.get(), height.get());
        let Some(canvas) = canvas.get() else {
            return;
        };
        picture.with(|picture| {
            let large = picture.is_large();
            if large {
                // A browser without canvas shows the lanes and the list of events: nothing else is lost.
                let _ = draw(&canvas, picture, size);
            }
            let _ = canvas.toggle_attribute_with_force("hidden", !large);
        });
    });
    view! { <canvas class="layer moving" node_ref=canvas aria-hidden="true" style:transform=shift></canvas> }
}

fn draw(canvas: &web_sys::HtmlCanvasElement, picture: &Picture, size: (f64, f64)) -> Result<(), JsValue> {
    let fineness = window().device_pixel_ratio().min((MOST_PIXELS / (size.0 * size.1).max(1.0)).sqrt());
    canvas.set_width((size.0 * fineness) as u32);
    canvas.set_height((size.1 * fineness) as u32);
    let style = canvas.unchecked_ref::<web_sys::HtmlElement>().style();
    style.set_property("width", &format!("{}px", size.0))?;
    style.set_property("height", &format!("{}px", size.1))?;
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    context.scale(fineness, fineness)?;
    let parent = canvas.parent_element().ok_or(JsValue::NULL)?;
    let probe = Probe::within(&parent)?;
    for stroke in &picture.strokes {
        probe.take_on(stroke)?;
        paint(&context, &probe.style, &stroke.path)?;
    }
    probe.element.set_attribute("class", "bulk-count")?;
    context.set_global_alpha(1.0);
    context.set_fill_style_str(&probe.style.get_property_value("fill")?);
    context.set_font(&probe.style.get_property_value("font")?);
    context.set_text_align("center");
    for label in &picture.labels {
        context.fill_text(&label.text, label.x, label.y)?;
    }
    probe.element.parent_element().ok_or(JsValue::NULL)?.remove();
    Ok(())
}

/// One path as the style says.
fn paint(context: &CanvasRenderingContext2d, style: &CssStyleDeclaration, path: &str) -> Result<(), JsValue> {
    let value = |name: &str| style.get_property_value(name);
    let shape = Path2d::new_with_path_string(path)?;
    context.set_global_alpha(value("opacity")?.parse().unwrap_or(1.0));
    let fill = value("fill")?;
    if fill != "none" {
        context.set_fill_style_str(&fill);
        context.fill_with_path_2d(&shape);
    }
    let stroke = value("stroke")?;
    if stroke != "none" {
        let length = |name: &str| value(name).map(|text| text.trim_end_matches("px").parse().unwrap_or(1.0));
        context.set_stroke_style_str(&stroke);
        context.set_line_width(length("stroke-width")?);
        context.set_line_cap(&value("stroke-linecap")?);
        context.set_line_join(&value("stroke-linejoin")?);
        let dashes = js_sys::Array::new();
        for dash in value("stroke-dasharray")?.split([',', ' ']) {
            if let Ok(dash) = dash.trim_end_matches("px").parse::<f64>() {
                dashes.push(&dash.into());
            }
        }
        context.set_line_dash(&dashes)?;
        context.stroke_with_path(&shape);
    }
    Ok(())
}

/// A mark that nobody sees, for what the style sheet says of one.
struct Probe {
    element: Element,
    style: CssStyleDeclaration,
}

impl Probe {
    fn within(parent: &Element) -> Result<Probe, JsValue> {
        const SVG: Option<&str> = Some("http://www.w3.org/2000/svg");
        let sheet = document().create_element_ns(SVG, "svg")?;
        sheet.set_attribute("class", "layer spacetime-ink")?;
        sheet.set_attribute("width", "0")?;
        let element = document().create_element_ns(SVG, "path")?;
        sheet.append_child(&element)?;
        parent.append_child(&sheet)?;
        let style = window().get_computed_style(&element)?.ok_or(JsValue::NULL)?;
        Ok(Probe { element, style })
    }

    fn take_on(&self, stroke: &Stroke) -> Result<(), JsValue> {
        self.element.set_attribute("class", stroke.part.class())?;
        self.element.set_attribute("data-hue", hue_word(stroke.hue))
    }
}
