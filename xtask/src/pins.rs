//! The version of every tool that is not a crate of the workspace. This is the one place to change
//! one; `tests` below names each file that has to repeat it.

/// Builds the page. 0.22 needs a newer rustc than ours.
pub const TRUNK: &str = "0.21.14";

/// Its command must be exactly as old as the library in Cargo.lock.
pub const WASM_BINDGEN: &str = "0.2.130";

/// Runs the native tests. Any version on PATH serves; this one is installed where there is none.
pub const NEXTEST: &str = "0.9.143";

/// Shrinks the WebAssembly: the npm package's version, and what its `wasm-opt` says of itself.
#[cfg(test)]
const BINARYEN: (&str, &str) = ("132.0.0", "version_132");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::root;

    fn says(file: &str, text: &str) {
        let path = root().join(file);
        let content = std::fs::read_to_string(&path).unwrap();
        assert!(content.contains(text), "{file} must say {text}, as pins.rs does");
    }

    #[test]
    fn other_files_agree() {
        says("Trunk.toml", &format!("wasm_bindgen = \"{WASM_BINDGEN}\""));
        says("Trunk.toml", &format!("wasm_opt = \"{}\"", BINARYEN.1));
        says("Trunk.toml", &format!("trunk-version = \"={TRUNK}\""));
        says("tools/Cargo.toml", &format!("version = \"{WASM_BINDGEN}\""));
        says("tools/Cargo.toml", &format!("version = \"={WASM_BINDGEN}\""));
        says("Cargo.toml", &format!("wasm-bindgen = \"={WASM_BINDGEN}\""));
        says("e2e/package.json", &format!("\"binaryen\": \"{}\"", BINARYEN.0));
    }
}
