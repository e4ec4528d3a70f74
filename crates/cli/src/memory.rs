//! How much memory this program takes.

/// Mebibytes in use, where the system says so; 0 elsewhere, so that a bound is never reached.
pub fn mebibytes() -> u64 {
    // Linux: the second number is the resident set, in pages of 4 KiB on every machine that this is built
    // for with that page size; larger pages make a search end earlier than asked.
    let said = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = said.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages / 256
}
