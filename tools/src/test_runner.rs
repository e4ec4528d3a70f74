//! `wasm-bindgen-test-runner`: runs a test built for wasm32 in a headless browser. Cargo calls it
//! through `runner` in `.cargo/config.toml`.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
