//! How times and sentences are put.

use faultline_model::Time;

/// A length of time as people read it: "0.4 ms", "43 ms", "1.87 s".
pub fn length(micros: u64) -> String {
    match micros {
        0 => "0 ms".to_owned(),
        1..1_000 => format!("{micros} µs"),
        1_000..10_000 => tenths(micros, 1_000, "ms"),
        10_000..1_000_000 => format!("{} ms", (micros + 500) / 1_000),
        1_000_000..10_000_000 => {
            let hundredths = (micros + 5_000) / 10_000;
            format!("{}.{:02} s", hundredths / 100, hundredths % 100)
        }
        _ => tenths(micros, 1_000_000, "s"),
    }
}

fn tenths(micros: u64, unit: u64, name: &str) -> String {
    let tenths = (micros * 10 + unit / 2) / unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// How long from now: "in 43 ms", "now"; what is overdue is due now.
pub fn from_now(due: Time, now: Time) -> String {
    match due.since(now).0 {
        0 => "now".to_owned(),
        micros => format!("in {}", length(micros)),
    }
}

/// A point in true time: "1.871 s".
pub fn moment(at: Time) -> String {
    let millis = (at.0 + 500) / 1_000;
    format!("{}.{:03} s", millis / 1_000, millis % 1_000)
}

/// A node's own clock: its reading, and how far it is off, "1.871 s (+0 ms)".
pub fn clock(now: Time, offset: i64) -> String {
    let reading = now.0.saturating_add_signed(offset);
    let sign = if offset < 0 { '−' } else { '+' };
    let off = match offset.unsigned_abs() {
        0 => "0 ms".to_owned(),
        off => length(off),
    };
    format!("{} ({sign}{off})", moment(Time(reading)))
}

/// A sentence as what happened and the rule behind it: the engine joins the two with a colon.
pub fn split(sentence: &str) -> (&str, Option<String>) {
    match sentence.split_once(": ") {
        Some((what, why)) => (what, Some(capital(why))),
        None => (sentence.trim_end_matches('.'), None),
    }
}

/// With a capital letter, as a sentence of its own.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_about_two_digits() {
        let texts = [0, 400, 1_250, 43_499, 999_400, 1_871_003, 12_345_678].map(length);
        assert_eq!(texts, ["0 ms", "400 µs", "1.3 ms", "43 ms", "999 ms", "1.87 s", "12.3 s"]);
    }

    #[test]
    fn a_clock_says_what_it_reads_and_how_far_it_is_off() {
        assert_eq!(clock(Time(1_871_003), 0), "1.871 s (+0 ms)");
        assert_eq!(clock(Time(1_871_003), 5_000_000), "6.871 s (+5.00 s)");
        assert_eq!(clock(Time(1_000), -30_000), "0.000 s (−30 ms)", "a clock does not read less than zero");
    }

    #[test]
    fn a_sentence_splits_into_what_and_why() {
        let (what, why) =
            split("S3 gets RequestVote from S2 (term 3): grants its vote: first come, first served.");
        assert_eq!(what, "S3 gets RequestVote from S2 (term 3)");
        assert_eq!(why.as_deref(), Some("Grants its vote: first come, first served."));
        assert_eq!(split("S4 crashes."), ("S4 crashes", None));
    }

    #[test]
    fn what_is_due_is_due_now() {
        assert_eq!(from_now(Time(5), Time(5)), "now");
        assert_eq!(from_now(Time(5), Time(9)), "now");
        assert_eq!(from_now(Time(52_000), Time(9_000)), "in 43 ms");
    }
}
