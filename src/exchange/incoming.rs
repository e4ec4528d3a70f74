//! What somebody dropped, pasted or chose: which of the forms of a run it is.

use super::embedded::{PictureError, from_png, from_svg, is_png};

/// The largest file that is read, bytes: a picture of a stage with a thousand nodes is far below.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;
/// The longest run as text that is read, bytes: ten thousand interventions are about one million.
const MOST_TEXT: usize = 4 * 1024 * 1024;

/// A run in one of its forms, still as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// JSON, see [`faultline_sim::RunFile`].
    Json(String),
    /// A script.
    Script(String),
    /// What stands behind `#s=` in a link.
    Link(String),
}

/// Why it is no run. It reads as a sentence without its subject and full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// There is nothing in it.
    Empty,
    /// It is larger than anything that is written here.
    TooLarge(usize),
    /// It is neither text nor a picture that can hold a run.
    NotText,
    /// An address without a run.
    Address,
    /// A picture that holds no run, or a damaged one.
    Picture(&'static str, PictureError),
}

impl std::fmt::Display for ImportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const EXPECTED: &str = "a run is JSON, a script, a link, or an SVG or PNG that was exported here";
        match self {
            ImportError::Empty => write!(f, "there is nothing in it: {EXPECTED}"),
            ImportError::TooLarge(bytes) => {
                let (size, most) = (bytes.div_ceil(1 << 20), MOST_TEXT >> 20);
                write!(
                    f,
                    "it is too large ({size} MB): a run has at most {most} MB, a picture {} MB",
                    MOST_BYTES >> 20
                )
            }
            ImportError::NotText => write!(f, "it is neither text nor a PNG: {EXPECTED}"),
            ImportError::Address => {
                f.write_str("this address holds no run: the link to a run has a part that begins with #s=")
            }
            ImportError::Picture(kind, PictureError::NoRun) => {
                write!(
                    f,
                    "this {kind} holds no run: only pictures that were exported here do, and only unchanged"
                )
            }
            ImportError::Picture(kind, PictureError::Damaged(why)) => {
                write!(f, "this {kind} is damaged: {why}")
            }
        }
    }
}

/// Finds out what it is. Bounded in time and memory, whatever it is.
pub fn recognise(bytes: &[u8]) -> Result<Incoming, ImportError> {
    if bytes.len() > MOST_BYTES {
        return Err(ImportError::TooLarge(bytes.len()));
    }
    if is_png(bytes) {
        return of_text(&from_png(bytes).map_err(|why| ImportError::Picture("PNG", why))?);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ImportError::NotText)?;
    if text.contains('\0') {
        return Err(ImportError::NotText);
    }
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('<') {
        return of_text(&from_svg(text).map_err(|why| ImportError::Picture("SVG", why))?);
    }
    of_text(text)
}

fn of_text(text: &str) -> Result<Incoming, ImportError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ImportError::Empty);
    }
    if text.len() > MOST_TEXT {
        return Err(ImportError::TooLarge(text.len()));
    }
    if text.starts_with(['{', '[']) {
        return Ok(Incoming::Json(text.to_owned()));
    }
    // Every line of a script has a blank; a link has none.
    if text.contains(char::is_whitespace) {
        return Ok(Incoming::Script(text.to_owned()));
    }
    if let Some((_, run)) = text.split_once("#s=") {
        return Ok(Incoming::Link(run.to_owned()));
    }
    if text.contains("://") {
        return Err(ImportError::Address);
    }
    // The shortest run as a link is longer than any word of a script.
    const SHORTEST: usize = 20;
    if text.len() >= SHORTEST && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return Ok(Incoming::Link(text.to_owned()));
    }
    Ok(Incoming::Script(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_known_by_its_look() {
        let cases: [(&str, Incoming); 6] = [
            ("\u{feff} {\"run\": 1}\n", Incoming::Json("{\"run\": 1}".to_owned())),
            ("crash S2", Incoming::Script("crash S2".to_owned())),
            ("# none yet\r\ncrash S2\r\n", Incoming::Script("# none yet\r\ncrash S2".to_owned())),
            ("https://example.org/sandbox/raft/#s=AQab", Incoming::Link("AQab".to_owned())),
            ("AQabcdefghijklmnop_-rstuvw", Incoming::Link("AQabcdefghijklmnop_-rstuvw".to_owned())),
            ("<svg><metadata id=\"faultline-run\">{}</metadata></svg>", Incoming::Json("{}".to_owned())),
        ];
        for (text, expected) in cases {
            assert_eq!(recognise(text.as_bytes()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_run_is_refused_with_what_would_be_one() {
        let cases: [(&[u8], &str); 6] = [
            (b" \n", "there is nothing in it"),
            (b"\xff\xd8\xff\xe0", "neither text nor a PNG"),
            (b"a\0b", "neither text nor a PNG"),
            (b"https://example.org/", "begins with #s="),
            (b"<html></html>", "this SVG holds no run"),
            (b"\x89PNG\r\n\x1a\n\0\0", "this PNG is damaged: it breaks off"),
        ];
        for (bytes, why) in cases {
            let error = recognise(bytes).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        let large = vec![b' '; MOST_BYTES + 1];
        assert_eq!(recognise(&large), Err(ImportError::TooLarge(MOST_BYTES + 1)));
        assert!(matches!(recognise(&vec![b'x'; MOST_TEXT + 1]), Err(ImportError::TooLarge(_))));
    }
}
