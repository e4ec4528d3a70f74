//! Chunks: parts of the program that a visitor's browser fetches when they are first needed.
//!
//! [`chunk!`] marks a function as the way into a chunk. What only that function reaches is cut out of
//! the program after it has been linked and becomes a file of its own (`xtask/src/split.rs`); calling
//! the function fetches the file first, so it is `async` outside and may fail. Without the feature
//! `split`, in development and in tests, and natively with it, nothing is cut and the call is ready at once.
//!
//! This crate must never know what is in a chunk.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

#[cfg(all(feature = "split", target_family = "wasm"))]
#[doc(hidden)]
pub use wasm_split_helpers as helpers;

/// A chunk could not be fetched: the network does not answer, or the site has been replaced meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfetched;

impl fmt::Display for Unfetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a part of the program could not be fetched")
    }
}

impl std::error::Error for Unfetched {}

#[cfg(all(feature = "split", target_family = "wasm"))]
impl From<helpers::SplitLoaderError> for Unfetched {
    fn from(_: helpers::SplitLoaderError) -> Unfetched {
        Unfetched
    }
}

/// What a chunk gives, on its way.
pub type Fetching<T> = Pin<Box<dyn Future<Output = Result<T, Unfetched>>>>;

/// What `call` gives if it need not wait for a file, which is so wherever the program is in one piece.
pub fn at_once<T>(call: impl Future<Output = T>) -> Option<T> {
    if cfg!(all(feature = "split", target_family = "wasm")) {
        return None;
    }
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// Declares the way into a chunk: `chunk! { name: fn way_in(word: String) -> u32 { … } }` makes a function
/// that gives a [`Fetching<u32>`](Fetching), and `way_in::fetch()`, which only fetches what the call would.
/// The function takes and gives plain types of this program, without generics, borrows or `impl`.
/// Functions of one chunk's name share one file; the name is written `like_this`.
#[cfg(all(feature = "split", target_family = "wasm"))]
#[macro_export]
macro_rules! chunk {
    (
        $(#[$meta:meta])*
        $chunk:ident: $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block
    ) => {
        #[doc(hidden)]
        $vis mod $name {
            // The linker is told of the cut by the names of symbols, which Rust counts as unsafe: two
            // functions might bear the same. These end in a digest of where they stand.
            #![allow(unsafe_code, missing_docs, dead_code, unused_braces, unused_imports, clippy::all)]
            use super::*;

            #[$crate::helpers::wasm_split(
                $chunk,
                fallible,
                wasm_split_path = $crate::helpers,
                preload(#[doc(hidden)] fetch)
            )]
            pub fn $name($($arg: $type),*) -> Result<$crate::result!($($result)?), $crate::Unfetched> {
                Ok($body)
            }

            pub fn call($($arg: $type),*) -> $crate::Fetching<$crate::result!($($result)?)> {
                Box::pin($name($($arg),*))
            }
        }
        $(#[$meta])*
        $vis use $name::call as $name;
    };
}

#[cfg(not(all(feature = "split", target_family = "wasm")))]
#[macro_export]
#[doc(hidden)]
macro_rules! chunk {
    (
        $(#[$meta:meta])*
        $chunk:ident: $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block
    ) => {
        #[doc(hidden)]
        $vis mod $name {
            #![allow(missing_docs, dead_code, unused_braces, unused_imports, clippy::all)]
            use super::*;

            pub async fn fetch() -> Result<(), $crate::Unfetched> {
                Ok(())
            }

            pub fn call($($arg: $type),*) -> $crate::Fetching<$crate::result!($($result)?)> {
                let value: $crate::result!($($result)?) = $body;
                Box::pin(::core::future::ready(Ok(value)))
            }
        }
        $(#[$meta])*
        $vis use $name::call as $name;
    };
}

/// The type after an arrow, or `()`.
#[doc(hidden)]
#[macro_export]
macro_rules! result {
    () => {
        ()
    };
    ($type:ty) => {
        $type
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    chunk! { sums: fn sum(of: Vec<u32>) -> u32 { of.iter().sum() } }

    chunk! { sums: fn nothing() {} }

    #[test]
    fn a_program_in_one_piece_need_not_wait() {
        assert_eq!(at_once(sum(vec![1, 2, 3])), Some(Ok(6)));
        assert_eq!(at_once(nothing()), Some(Ok(())));
        assert_eq!(at_once(std::future::pending::<()>()), None);
    }
}
