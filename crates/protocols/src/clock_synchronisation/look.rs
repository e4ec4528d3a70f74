//! What the stage draws of machines and of what they say.

use faultline_model::{Caption, Cell, Glance, Hue, Shape, Time};

use super::{Hybrid, Machine, Msg, Sample};

/// Microseconds as milliseconds, to a tenth.
fn millis(micros: u64) -> String {
    let tenths = (micros + 50) / 100;
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} ms"),
        (whole, tenth) => format!("{whole}.{tenth} ms"),
    }
}

/// The same with a sign.
pub fn signed(micros: i64) -> String {
    let text = millis(micros.unsigned_abs());
    if micros <= -50 { format!("−{text}") } else { text }
}

/// A reading in seconds, to a thousandth.
pub fn reading(time: Time) -> String {
    let thousandths = time.0 / 1_000;
    format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000)
}

pub fn hybrid(hybrid: Hybrid) -> String {
    format!("{}, {}", reading(hybrid.l), hybrid.c)
}

pub fn machine(machine: &Machine) -> Glance {
    let (role, shape, hue) = match machine.sample {
        _ if machine.serves => ("server", Shape::Ringed, Hue::Amber),
        Some(_) => ("synced", Shape::Circle, Hue::Green),
        None => ("unsynced", Shape::Circle, Hue::Sky),
    };
    let mut cells = vec![];
    // Where there is little room only the first stands there: what was done last.
    if let Some(elapsed) = machine.elapsed {
        cells.push(Cell::new("elapsed", signed(elapsed.0)));
    }
    if let Some(last) = machine.last {
        cells.push(Cell::new("clock", reading(last.at.clock)));
        cells.push(Cell::new("l, c", hybrid(last.at.hybrid)));
    }
    if let (Some(Sample { offset, .. }), Some(claimed)) = (machine.sample, machine.claimed) {
        cells.push(Cell::new("claims", format!("± {}", millis(claimed.0))));
        cells.push(Cell::new("found", signed(offset.0)));
    }
    cells.truncate(3);
    let arc = (!machine.serves).then_some("poll");
    Glance { role: role.to_owned(), shape, hue, cells, arc, ..Glance::default() }
}

pub fn caption(msg: &Msg) -> Caption {
    let (verb, text, hue, reply) = match msg {
        Msg::Request { t1 } => ("ask", format!("T1 {}", reading(*t1)), Hue::Violet, false),
        Msg::Response { t2, t3, .. } if t2 == t3 => {
            ("time", format!("T2 = T3 {}", reading(*t3)), Hue::Amber, true)
        }
        Msg::Response { t2, t3, .. } => {
            ("time", format!("T2 {}, T3 {}", reading(*t2), reading(*t3)), Hue::Amber, true)
        }
        Msg::Message(at) => {
            ("sent at", format!("{} | {}", reading(at.clock), hybrid(at.hybrid)), Hue::Teal, false)
        }
    };
    Caption { verb: verb.to_owned(), text, hue, reply }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        assert_eq!(
            [signed(-20_000), signed(6_049), signed(-20), signed(30_015)],
            ["−20 ms", "6 ms", "0 ms", "30 ms"]
        );
        assert_eq!((signed(-1_450), reading(Time(1_039_999))), ("−1.5 ms".to_owned(), "1.039".to_owned()));
    }
}
