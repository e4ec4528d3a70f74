//! The reference numbers that source cards may quote: row, number and the best mark that it has.

use faultline_experiments::experiments;

use crate::lesson::Mark;

/// One number of the project's reference tables.
pub(crate) struct Oracle {
    /// Its row; a row with several numbers stands here several times.
    pub id: &'static str,
    /// The number as a lesson prints it.
    pub value: &'static str,
    /// How it was verified.
    pub mark: Mark,
}

const fn row(id: &'static str, value: &'static str, mark: Mark) -> Oracle {
    Oracle { id, value, mark }
}

/// The row of that id with that number; also of what an experiment measures.
pub(crate) fn find(id: &str, value: &str) -> Option<(&'static str, Mark)> {
    let own = ORACLES.iter().map(|row| (row.id, row.value, row.mark));
    let measured = experiments().iter().flat_map(|experiment| experiment.claims);
    let measured = measured.map(|claim| (claim.oracle, claim.printed, claim.mark));
    let mut all = own.chain(measured);
    all.find(|(row, number, _)| *row == id && *number == value).map(|(_, number, mark)| (number, mark))
}

/// All numbers that lessons quote so far and that no experiment claims in the same words.
static ORACLES: &[Oracle] = &[
    // All copies lost: p = 0.1, k = 3.
    row("L01-copies", "0.1 %", Mark::C),
    // Forty round trips of 80 ms.
    row("L04-calls", "3.2 s", Mark::C),
    // Error and bound of one exchange.
    row("T6", "20 ms of 30 ms", Mark::C),
    row("T7", "1 2 | 3 4 | 1 5", Mark::C),
    // The example is from memory, the numbers are computed.
    row("T8", "61", Mark::R),
    row("T9", "D3 [Sx:2 Sy:1], D4 [Sx:2 Sz:1], D5 [Sx:3 Sy:1 Sz:1]", Mark::Q),
    row("E19", "3(N − 1)", Mark::R),
    row("E19", "2(N − 1)", Mark::R),
    row("E4", "35 ms / 152 ms", Mark::P),
    // The votes are the caption's; the boxes of the figure are from memory, which the lesson says.
    row("E13", "5 of 7", Mark::R),
    row("E14", "(a) to (e)", Mark::P),
    row("M01", "4 steps", Mark::C),
    row("T12", "0.1 %", Mark::C),
    row("M08", "2", Mark::C),
    row("M09", "3", Mark::C),
    row("M03", "3", Mark::C),
    row("M05", "8", Mark::C),
    row("M06", "3", Mark::C),
    row("M07", "4", Mark::C),
    row("M20", "7 steps / 11 steps", Mark::C),
    row("M20", "99 states", Mark::C),
    row("M21", "4", Mark::C),
    row("M22", "14 steps", Mark::C),
    row("M23", "14 steps", Mark::C),
    row("M24", "15 steps", Mark::C),
    row("M24", "4 761 states / 9 518 states", Mark::C),
    row("M25", "7", Mark::C),
    row("M25", "42 162 states", Mark::C),
    row("M26", "9", Mark::C),
    row("M27", "15", Mark::C),
    row("M27", "390 035 states", Mark::C),
    row("M34", "4 steps", Mark::C),
    row("M35", "7 steps / 25 states", Mark::C),
    row("S19", "3n / 4n", Mark::C),
    // One, ten and a hundred participants, mean.
    row("T4", "17.0 / 30.0 / 71.4 ms", Mark::P),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn has(id: &str, value: &str) -> bool {
        find(id, value).is_some()
    }

    /// To one decimal, without the zero.
    fn per_cent(share: f64) -> String {
        let tenths = (share * 1_000.0).round() / 10.0;
        format!("{tenths} %")
    }

    #[test]
    fn formulas_give_the_numbers_in_the_table() {
        assert!(has("L01-copies", &per_cent(0.1 * 0.1 * 0.1)));
        for gap in [0.0, 1.0, 2.0, 5.0, 8.0] {
            let (d, rest) = (5.0, 10.0 - gap);
            assert!(has("T11", &per_cent(rest * rest / (8.0 * d * d))), "gap {gap}");
        }
        // T6: 10 ms there and 50 ms back, T2 = T3, all clocks right.
        let (t1, t2, t3, t4) = (0, 10, 10, 60);
        let (offset, delay) = (((t2 - t1) + (t3 - t4)) / 2_i32, (t4 - t1) - (t3 - t2));
        assert!(has("T6", &format!("{} ms of {} ms", offset.abs(), delay / 2)));
        assert!(has("T6", &format!("{} ms", offset.abs())) && offset.abs() <= delay / 2);
        // E8: five servers, four survivors, so three or more must time out within the latency.
        for latency in [0.1, 0.2] {
            let rest: f64 = 1.0 - latency;
            let split = 6.0 * latency * latency * rest * rest
                + 4.0 * latency * latency * latency * rest
                + latency * latency * latency * latency;
            assert!(has("E8", &per_cent(split)), "{}", per_cent(split));
        }
    }
}
