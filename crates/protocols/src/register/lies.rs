//! How a replica of a register can lie. Quorums that meet in one replica bear replicas that stop, not
//! ones that lie: for those they must meet in more (Malkhi, Reiter: Byzantine Quorum Systems. 1998).

use faultline_model::Lie;

use super::{Stamp, Version};

const OLD: &str = "old-value";
const FORGED: &str = "forged-value";

/// The lies of a replica.
pub(crate) const LIES: &[Lie] = &[
    Lie { id: OLD, sentence: "answers every query as if nothing had ever been written" },
    Lie { id: FORGED, sentence: "answers every query with a value that nobody wrote, as the latest" },
];

/// What a replica says that it holds, in place of `held`.
pub(crate) fn lie(lie: &str, held: &Version) -> Option<Version> {
    match lie {
        OLD => Some(Version::default()),
        FORGED => {
            let stamp = Stamp { number: held.stamp.number + 1, writer: held.stamp.writer };
            Some(Version { stamp, value: Some("forged".into()) })
        }
        _ => None,
    }
}
