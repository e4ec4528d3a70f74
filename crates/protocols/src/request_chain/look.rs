//! What the stage draws of the machines and of messages.

use faultline_model::{Caption, Cast, Cell, Glance, Hue, Shape};

use super::{Knobs, Msg, RequestChain, TOKEN};

fn glance(role: &str, shape: Shape, hue: Hue, cells: Vec<Cell>, arc: Option<&'static str>) -> Glance {
    Glance { role: role.to_owned(), shape, hue, cells, arc, ..Glance::default() }
}

pub fn node(node: &RequestChain, params: &Knobs) -> Glance {
    match node {
        RequestChain::Gateway(gateway) => {
            let part = gateway
                .pages
                .first()
                .map(|job| Cell::new("photo", format!("{}/{}", job.call, params.photos)));
            let cells = std::iter::once(Cell::new("pages", gateway.pages.len())).chain(part);
            glance("web server", Shape::Ringed, Hue::Amber, cells.collect(), Some("deadline"))
        }
        RequestChain::Service(service) => {
            let role = if service.moved { "moved away" } else { "service" };
            let version = service.least_first.then(|| Cell::new("bytes", "reversed"));
            let hue = if service.moved { Hue::Grey } else { Hue::Sky };
            glance(role, Shape::Circle, hue, version.into_iter().collect(), Some("move"))
        }
        RequestChain::Database(database) => {
            let gathered =
                (!database.gathered.is_empty()).then(|| Cell::new("gathers", database.gathered.len()));
            glance("database", Shape::Cylinder, Hue::Teal, gathered.into_iter().collect(), Some("together"))
        }
        RequestChain::Onlooker { token } => {
            let (role, hue) = if params.onlooker { ("onlooker", Hue::Rose) } else { ("absent", Hue::Grey) };
            let read = token.map(|token| Cell::new("token", token));
            glance(role, Shape::Hexagon, hue, read.into_iter().collect(), None)
        }
        RequestChain::Browser { waiting } => {
            let role = if waiting.is_empty() { "client" } else { "spinner" };
            glance(role, Shape::Square, Hue::Grey, vec![], None)
        }
    }
}

pub fn caption(msg: &Msg, cast: &Cast) -> Caption {
    let of = |verb: &str, text: String, hue, reply| Caption { verb: verb.to_owned(), text, hue, reply };
    let photo = |number: u64| if number == 0 { "user".to_owned() } else { format!("photo {number}") };
    match msg {
        Msg::Get { token, .. } => of("get page", format!("token {token}"), Hue::Amber, false),
        Msg::Passing { token: Some(token) } => of("passes", format!("token {token}"), Hue::Rose, false),
        Msg::Passing { token: None } => of("passes", "unreadable".to_owned(), Hue::Grey, false),
        Msg::Call { number, .. } => of("get", photo(*number), Hue::Sky, false),
        Msg::Find { .. } => of("find", String::new(), Hue::Teal, false),
        Msg::Found { .. } => of("found", String::new(), Hue::Teal, true),
        Msg::Answer { number: 0, field, .. } => of("user", format!("{:?}", field.bytes), Hue::Green, true),
        Msg::Answer { number, .. } => of("photo", number.to_string(), Hue::Green, true),
        Msg::Gone { .. } => of("not here", String::new(), Hue::Red, true),
        Msg::Page { outcome: Ok(_), .. } => of("page", String::new(), Hue::Green, true),
        Msg::Page { outcome: Err(error), .. } => of("error", error.to_string(), Hue::Red, true),
        Msg::Register { address } => of("register", cast.name(*address).to_owned(), Hue::Violet, false),
        Msg::Lookup => of("look up", String::new(), Hue::Violet, false),
        Msg::Address { address } => of("address", cast.name(*address).to_owned(), Hue::Violet, true),
    }
}

const _: () = assert!(TOKEN > 999, "a token that reads like one");
