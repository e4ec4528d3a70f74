//! What the stage draws of programs, the stub, the bank and messages.

use faultline_model::{Caption, Cell, Glance, Hue, OpId, Shape};

use super::{Bank, Dedup, Knobs, Msg, Stub};

fn glance(role: &str, shape: Shape, hue: Hue, cells: Vec<Cell>, arc: &'static str) -> Glance {
    Glance { role: role.to_owned(), shape, hue, cells, arc: Some(arc), ..Glance::default() }
}

pub fn client(waiting: &[OpId]) -> Glance {
    let role = if waiting.is_empty() { "program" } else { "calling" };
    glance(role, Shape::Square, Hue::Grey, vec![], "")
}

pub fn stub(stub: &Stub, params: &Knobs) -> Glance {
    let role = if stub.calls.is_empty() { "stub" } else { "waiting" };
    let asked = stub
        .calls
        .last()
        .map(|open| Cell::new("asked", format!("{} of {}", open.attempts, params.retries + 1)));
    glance(role, Shape::Hexagon, Hue::Violet, asked.into_iter().collect(), "timeout")
}

pub fn bank(bank: &Bank, params: &Knobs) -> Glance {
    let mut cells = vec![Cell::new("balance", bank.balance)];
    if params.dedup != Dedup::Off {
        cells.push(Cell::new("ids", bank.seen.len()));
    }
    let busy = bank.running.iter().flatten().count() + bank.waiting.len();
    if busy > 0 {
        cells.push(Cell::new("at work on", busy));
    }
    glance("bank", Shape::Cylinder, Hue::Teal, cells, "executed")
}

pub fn caption(msg: &Msg) -> Caption {
    let of = |verb: &str, text: String, hue, reply| Caption { verb: verb.to_owned(), text, hue, reply };
    match msg {
        Msg::Call { what, .. } => of("call", what.to_string(), Hue::Grey, false),
        Msg::Request { call, what } => of("request", format!("{what}, id {}", call.0), Hue::Violet, false),
        Msg::Reply { call, balance } => of("reply", format!("{balance}, id {}", call.0), Hue::Green, true),
        Msg::Return { balance: Some(balance), .. } => of("return", balance.to_string(), Hue::Green, true),
        Msg::Return { balance: None, .. } => of("exception", String::new(), Hue::Red, true),
    }
}
