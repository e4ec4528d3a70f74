//! What the stage shows of a client, whichever quorums it asks.

use faultline_model::{Cell, Glance, Hue, Shape};

use super::{Call, Done, Version};

/// How far an operation under way has come.
pub(crate) enum Progress<'a> {
    /// So many have said what they hold; the latest of it.
    Queried(usize, &'a Version),
    /// So many hold that version.
    Updated(usize, &'a Version),
}

/// A client that does or does not write, its operation under way, and the last one that is over.
pub(crate) fn glance(
    writes: bool,
    call: Option<&Call>,
    last: Option<&Done>,
    progress: Option<Progress<'_>>,
) -> Glance {
    let mut cells = match (call, last) {
        (Some(call), _) => vec![Cell::new("asks", &call.op)],
        (None, Some(done)) => vec![Cell::new("got", &done.ret)],
        (None, None) => vec![],
    };
    match progress {
        Some(Progress::Queried(heard, newest)) => {
            cells.extend([Cell::new("answers", heard), Cell::new("newest", newest)]);
        }
        Some(Progress::Updated(heard, version)) => {
            cells.extend([Cell::new("acks", heard), Cell::new("update", version)]);
        }
        None => {}
    }
    Glance {
        role: if writes { "writer" } else { "reader" }.to_owned(),
        shape: Shape::Square,
        hue: if writes { Hue::Amber } else { Hue::Grey },
        cells,
        arc: Some("retry"),
        ..Glance::default()
    }
}
