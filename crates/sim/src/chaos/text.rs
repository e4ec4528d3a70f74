//! Chaos as a line of a script says it.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::Chaos;
use crate::ScriptError;
use crate::script::{Command, Script};
use crate::workload::Thousandths;

impl Display for Chaos {
    /// `10/min crash pause down 1 within 5s from 0s until 60s seed 7`, without the `chaos` before it.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/min", Thousandths(self.rate))?;
        self.kinds.iter().try_for_each(|kind| write!(f, " {}", kind.word()))?;
        let Chaos { down, within, from, until, seed, .. } = self;
        write!(f, " down {down} within {within} from {from} until {until} seed {seed}")
    }
}

impl FromStr for Chaos {
    type Err = ScriptError;

    /// Reads what stands behind `chaos` in a script. Columns of errors count from there.
    fn from_str(text: &str) -> Result<Chaos, ScriptError> {
        let command = Script::command("chaos ", text)?;
        match command {
            Command::Chaos(chaos) => Ok(*chaos),
            other => unreachable!("a line that begins with chaos is chaos, and not {other:?}"),
        }
    }
}
