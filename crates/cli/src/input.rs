//! Reading what the user names: files, `-` for standard input, sizes bounded.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use miette::{IntoDiagnostic, Result, WrapErr, miette};

/// No input is larger: lessons and runs are small, and a mistaken path must not fill the memory.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The text of a file, or of standard input for `-`.
pub fn read(path: &Path) -> Result<String> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(LARGEST + 1).read_to_string(&mut text)
    } else {
        let file =
            File::open(path).into_diagnostic().wrap_err_with(|| format!("cannot open {}", path.display()))?;
        file.take(LARGEST + 1).read_to_string(&mut text)
    };
    read.into_diagnostic().wrap_err_with(|| format!("cannot read {} as text", path.display()))?;
    if text.len() as u64 > LARGEST {
        return Err(miette!("{} is larger than 16 MiB", path.display()));
    }
    Ok(text)
}
