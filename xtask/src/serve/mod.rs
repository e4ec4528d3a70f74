//! `cargo xtask serve`: builds the page and serves dist/. The files are read anew for each request,
//! so a `cargo xtask build` beside it is seen by reloading.

mod http;

use std::net::TcpListener;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};

use crate::shell::root;
use crate::{setup, web};

/// What `cargo xtask serve` takes.
#[derive(clap::Args)]
pub struct Args {
    /// On which port of 127.0.0.1
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Build it as visitors get it: slower to build, faster to run
    #[arg(long)]
    release: bool,
    /// Serve what dist/ holds already
    #[arg(long, conflicts_with = "release")]
    no_build: bool,
    /// Under which path, as a host would that is shared with other sites
    #[arg(long, default_value = "/", value_name = "PATH")]
    base: String,
}

/// `cargo xtask serve`.
pub fn run(args: &Args) -> Result<()> {
    ensure!(
        args.base.starts_with('/') && args.base.ends_with('/'),
        "--base {}: begin and end it with a slash, such as /faultline/",
        args.base
    );
    // Taken before the build, so that a taken port is not found out minutes later.
    let listener = TcpListener::bind(("127.0.0.1", args.port))
        .with_context(|| format!("port {} is taken: choose another one with --port", args.port))?;
    if !args.no_build {
        let build = web::Args { release: args.release, site: None };
        setup::ensure(if args.release { setup::TO_RELEASE } else { setup::TO_BUILD })?;
        web::build(&build)?;
    }
    let dist = root().join("dist");
    ensure!(dist.join("index.html").is_file(), "dist/ is empty: run `cargo xtask build` first");

    let site = Arc::new(http::Site { root: dist, base: args.base.clone() });
    println!("\n  Faultline is ready: http://127.0.0.1:{}{}", args.port, args.base);
    println!("  Ctrl+C ends it. After a change: `cargo xtask build` in another terminal, then reload.\n");
    for stream in listener.incoming() {
        let (stream, site) = (stream?, Arc::clone(&site));
        // A visitor who goes away in the middle is no error of ours.
        std::thread::spawn(move || drop(site.talk(stream)));
    }
    Ok(())
}
