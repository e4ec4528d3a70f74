//! As much of HTTP as a folder of files needs. It does what a static host does, so that what works
//! here works there: a folder answers with its index.html, a folder without its slash is sent on,
//! and what is missing gets 404.html.

use std::fs;
use std::io::{BufRead, BufReader, Result, Write};
use std::net::TcpStream;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

/// A folder, served under a path.
pub struct Site {
    pub root: PathBuf,
    /// Begins and ends with a slash.
    pub base: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    File(PathBuf),
    Moved(String),
    Missing,
}

const IDLE: Duration = Duration::from_secs(30);

impl Site {
    /// Answers one connection's requests until the other side closes it or falls silent.
    pub fn talk(&self, stream: TcpStream) -> Result<()> {
        stream.set_read_timeout(Some(IDLE))?;
        stream.set_nodelay(true)?;
        let mut writer = stream.try_clone()?;
        let mut reader = BufReader::new(stream);
        loop {
            let mut first = String::new();
            if reader.read_line(&mut first)? == 0 {
                return Ok(());
            }
            // No header changes what we say.
            let mut header = String::new();
            while reader.read_line(&mut header)? > 2 {
                header.clear();
            }
            let mut words = first.split_whitespace();
            let (Some(method), Some(target)) = (words.next(), words.next()) else {
                return Ok(());
            };
            match method {
                "GET" | "HEAD" => self.answer(&mut writer, target, method == "GET")?,
                _ => {
                    return send(&mut writer, "405 Method Not Allowed", "text/plain", "", b"", true);
                }
            }
        }
    }

    fn answer(&self, writer: &mut TcpStream, target: &str, with_body: bool) -> Result<()> {
        match self.find(target) {
            Answer::File(path) => {
                let body = fs::read(&path)?;
                send(writer, "200 OK", mime(&path), "", &body, with_body)
            }
            Answer::Moved(to) => {
                let location = format!("Location: {to}\r\n");
                send(writer, "301 Moved Permanently", "text/plain", &location, b"", with_body)
            }
            Answer::Missing => {
                let body = fs::read(self.root.join("404.html")).unwrap_or_default();
                send(writer, "404 Not Found", "text/html; charset=utf-8", "", &body, with_body)
            }
        }
    }

    fn find(&self, target: &str) -> Answer {
        let (path, query) = target.split_once('?').map_or((target, ""), |(path, query)| (path, query));
        if path == self.base.trim_end_matches('/') && !path.is_empty() {
            return Answer::Moved(with_query(&self.base, query));
        }
        let Some(inside) = path.strip_prefix(&self.base).and_then(decode) else {
            return Answer::Missing;
        };
        let relative = Path::new(&inside);
        if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
            return Answer::Missing;
        }
        let file = self.root.join(relative);
        if file.is_dir() {
            if !inside.is_empty() && !inside.ends_with('/') {
                return Answer::Moved(with_query(&format!("{path}/"), query));
            }
            let index = file.join("index.html");
            return if index.is_file() { Answer::File(index) } else { Answer::Missing };
        }
        if file.is_file() && !inside.ends_with('/') { Answer::File(file) } else { Answer::Missing }
    }
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Nothing is cached here: what was just built is what one sees. Any origin may read, as on most
/// static hosts, so that a page in a sandboxed frame can load its own program.
fn send(
    to: &mut TcpStream,
    status: &str,
    kind: &str,
    more: &str,
    body: &[u8],
    with_body: bool,
) -> Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
        Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\n{more}\r\n",
        body.len()
    );
    let mut message = head.into_bytes();
    if with_body {
        message.extend_from_slice(body);
    }
    to.write_all(&message)
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" | "md" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// `%2e` and its like, or nothing when it is not UTF-8 after that.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_what_a_static_host_finds() {
        let root = std::env::temp_dir().join(format!("faultline-http-{}", std::process::id()));
        fs::create_dir_all(root.join("lesson/a b")).unwrap();
        fs::write(root.join("index.html"), "home").unwrap();
        fs::write(root.join("lesson/a b/index.html"), "lesson").unwrap();
        let site = Site { root: root.clone(), base: "/f/".to_owned() };

        assert_eq!(site.find("/f/"), Answer::File(root.join("index.html")));
        assert_eq!(site.find("/f"), Answer::Moved("/f/".to_owned()));
        assert_eq!(site.find("/f/lesson/a%20b/?seed=1"), Answer::File(root.join("lesson/a b/index.html")));
        assert_eq!(site.find("/f/lesson/a%20b?seed=1"), Answer::Moved("/f/lesson/a%20b/?seed=1".to_owned()));
        for nothing in ["/", "/f/lesson/", "/f/index.html/", "/f/none", "/f/%ff", "/f/%zz"] {
            assert_eq!(site.find(nothing), Answer::Missing, "{nothing}");
        }
        for outside in ["/f/../Cargo.toml", "/f/%2e%2e/Cargo.toml", "/f//etc/passwd"] {
            assert_eq!(site.find(outside), Answer::Missing, "{outside}");
        }
        fs::remove_dir_all(root).unwrap();
    }
}
