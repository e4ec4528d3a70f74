//! What the machines say, what can be asked, and what is waited for.

use std::fmt;
use std::str::FromStr;

use faultline_model::{NodeId, OpId};
use serde::Serialize;

/// A number as it travels: four bytes, and a checksum of the number that was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Field {
    /// The bytes.
    pub bytes: [u8; 4],
    /// The sum of the bytes, each weighed by its place: it changes when they change places.
    pub sum: u16,
}

fn weighed(number: u32) -> u16 {
    number.to_be_bytes().into_iter().zip(1..).map(|(byte, place)| u16::from(byte) * place).sum()
}

impl Field {
    /// Writes a number; `reversed` with the least significant byte first.
    pub fn encode(number: u32, reversed: bool) -> Field {
        let bytes = if reversed { number.to_le_bytes() } else { number.to_be_bytes() };
        Field { bytes, sum: weighed(number) }
    }

    /// Reads it, the most significant byte first.
    pub fn decode(self) -> u32 {
        u32::from_be_bytes(self.bytes)
    }

    /// Whether what is read is what was meant, as far as the checksum says.
    pub fn is_sound(self) -> bool {
        weighed(self.decode()) == self.sum
    }
}

/// What the machines say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// The browser asks for a page.
    Get {
        /// Which.
        page: OpId,
        /// Who it is for.
        token: u32,
    },
    /// What an onlooker sees of it.
    Passing {
        /// The token, if it can be read.
        token: Option<u32>,
    },
    /// The gateway calls a service.
    Call {
        /// For which page.
        page: OpId,
        /// The number of the photo, from 1; 0 at the user service.
        number: u64,
    },
    /// A service asks the database.
    Find {
        /// For which page.
        page: OpId,
        /// For which call.
        number: u64,
    },
    /// The database answers.
    Found {
        /// For which page.
        page: OpId,
        /// For which call.
        number: u64,
    },
    /// A service answers the gateway.
    Answer {
        /// For which page.
        page: OpId,
        /// Which call.
        number: u64,
        /// The number that the user service has.
        field: Field,
        /// How much is sent with it.
        bytes: u32,
    },
    /// Nobody of that name is at this address.
    Gone {
        /// For which page.
        page: OpId,
    },
    /// The page, or why there is none.
    Page {
        /// Which.
        page: OpId,
        /// Its number, or an error.
        outcome: Result<Field, Ret>,
        /// How much is sent with it.
        bytes: u32,
    },
    /// The photo service has moved.
    Register {
        /// To where.
        address: NodeId,
    },
    /// Where is the photo service?
    Lookup,
    /// There.
    Address {
        /// Its address.
        address: NodeId,
    },
}

/// What is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// The gateway has waited long enough for that page.
    Deadline(OpId),
    /// The address has been kept for long enough.
    Lookup,
    /// The photo service moves.
    Move,
    /// The database answers what it has gathered.
    Together,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Of the browser: a page.
    Load,
    /// Of a service: a new version of itself.
    Upgrade,
    /// Of the photo service: another address.
    Move,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Op::Load => "load",
            Op::Upgrade => "upgrade",
            Op::Move => "move",
        })
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        match text.trim() {
            "load" => Ok(Op::Load),
            "upgrade" => Ok(Op::Upgrade),
            "move" => Ok(Op::Move),
            _ => Err("write `load` at the browser, `upgrade` at a service, or `move` at the photo service"
                .to_owned()),
        }
    }
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// The page, with its number of likes.
    Likes(u32),
    /// A service is not where it was.
    Gone,
    /// The gateway has waited long enough.
    TimedOut,
    /// The number is not the one that was sent.
    Damaged,
    /// The administrator's order is carried out.
    Done,
    /// This machine does not do that.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ret::Likes(likes) => write!(f, "{likes} likes"),
            Ret::Gone => f.write_str("gone"),
            Ret::TimedOut => f.write_str("timed out"),
            Ret::Damaged => f.write_str("damaged"),
            Ret::Done => f.write_str("done"),
            Ret::Refused => f.write_str("refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_written_so_that_they_read_back() {
        for text in ["load", "upgrade", "move"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
        for text in ["", "Load", "load 1", "moves"] {
            assert!(text.parse::<Op>().unwrap_err().contains("`load`"), "{text}");
        }
    }

    #[test]
    fn a_number_written_the_other_way_round_is_another_number_and_the_checksum_says_so() {
        assert_eq!(Field::encode(12, false).decode(), 12);
        assert!(Field::encode(12, false).is_sound());
        let reversed = Field::encode(12, true);
        assert_eq!(reversed.decode(), 12 << 24);
        assert!(!reversed.is_sound());
    }
}
