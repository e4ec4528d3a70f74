//! Has the linker keep what a program in chunks is cut by.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let wasm = std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32");
    if wasm && std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // Where each address and each function's number stands in code and data.
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
