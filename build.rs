//! Has the linker keep what a program in chunks is cut by.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // Where each address and each function's number stands in code and data.
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
