//! What the stage draws of the lock service, the storage, the clients and messages.

use faultline_model::{Caption, Cast, Cell, Glance, Hue, Shape};

use super::{Client, Msg, Service, Storage};

pub fn service(service: &Service, cast: &Cast) -> Glance {
    let held = service.grant.map(|grant| cast.name(grant.to.client));
    Glance {
        role: "service".to_owned(),
        shape: Shape::Ringed,
        hue: Hue::Amber,
        epoch: Some(service.last_token),
        epoch_name: "token",
        cells: vec![Cell::new("holder", held.unwrap_or("nobody"))],
        arc: service.grant.map(|_| "expiry"),
    }
}

pub fn storage(storage: &Storage) -> Glance {
    let value = storage.write.as_ref().map_or("nothing", |write| &write.value);
    Glance {
        role: "storage".to_owned(),
        shape: Shape::Cylinder,
        hue: Hue::Teal,
        epoch: Some(storage.highest),
        epoch_name: "token",
        cells: vec![Cell::new("value", value)],
        arc: None,
    }
}

pub fn client(client: &Client) -> Glance {
    let (role, hue) = match (client.holding, client.waiting) {
        (Some(_), _) => ("holder", Hue::Green),
        (None, Some(_)) => ("waiting", Hue::Violet),
        (None, None) => ("client", Hue::Grey),
    };
    let cells = client.writing.as_ref().map(|writing| Cell::new("writes", &writing.value));
    Glance {
        role: role.to_owned(),
        shape: Shape::Square,
        hue,
        epoch: client.holding.map(|holding| holding.token),
        epoch_name: "token",
        cells: cells.into_iter().collect(),
        arc: Some(if client.holding.is_some() { "lease" } else { "retry" }),
    }
}

pub fn caption(msg: &Msg) -> Caption {
    let caption = |verb: &str, text: String, hue, reply| Caption { verb: verb.to_owned(), text, hue, reply };
    let plain = |verb, token: &u64, hue, reply| caption(verb, format!("token {token}"), hue, reply);
    match msg {
        Msg::Acquire { .. } => caption("ask for lock", String::new(), Hue::Violet, false),
        Msg::Granted { token, .. } => plain("grant lock", token, Hue::Green, true),
        Msg::Renew { token, .. } => plain("renew", token, Hue::Violet, false),
        Msg::Renewed { token, .. } => plain("renewed", token, Hue::Green, true),
        Msg::Lost { token } => plain("lost", token, Hue::Red, true),
        Msg::Release { token } => plain("release", token, Hue::Grey, false),
        Msg::Write { token, value, .. } => {
            caption("write", format!("{value}, token {token}"), Hue::Teal, false)
        }
        Msg::Written { token, accepted: true, .. } => plain("written", token, Hue::Green, true),
        Msg::Written { token, accepted: false, .. } => plain("rejected", token, Hue::Red, true),
    }
}
