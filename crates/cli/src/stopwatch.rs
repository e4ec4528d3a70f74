//! Wall-clock time, for measuring: the only place that may look at it.

use std::time::Duration;
#[expect(
    clippy::disallowed_types,
    reason = "the command line tool measures how long things really take"
)]
use std::time::Instant;

/// How long some work takes.
#[expect(clippy::disallowed_types, reason = "see above")]
pub fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
