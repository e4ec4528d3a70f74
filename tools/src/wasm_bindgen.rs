//! `wasm-bindgen`, the command that Trunk calls: built from the crates registry, so nothing is
//! downloaded outside Cargo and Cargo.lock pins it.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os())
}
