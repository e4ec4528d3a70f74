//! The rules of a protocol, as its paper states them.

/// Which rule of [`About::rules`] a handler applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u8);

/// One rule: a sentence that a learner can read, and where it stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable short name, `kebab-case`.
    pub id: &'static str,
    /// What happens, in the third person, without its subject: "grants its vote: …".
    pub sentence: &'static str,
    /// Paper and section, such as "Raft §5.2".
    pub source: &'static str,
}

/// What a protocol says of itself.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The name in addresses: "raft".
    pub slug: &'static str,
    /// The name for people: "Raft".
    pub name: &'static str,
    /// One line: what it promises.
    pub claim: &'static str,
    /// The primary source in full.
    pub source: &'static str,
    /// All its rules; [`RuleId`] indexes them.
    pub rules: &'static [Rule],
}

impl About {
    /// The rule of that id.
    pub fn rule(&self, id: RuleId) -> Option<&'static Rule> {
        self.rules.get(usize::from(id.0))
    }
}

/// Declares a protocol's rules: one [`RuleId`] constant each, and `RULES` with all of them in order.
///
/// ```
/// faultline_model::rules! {
///     /// A vote is given once in a term.
///     GRANT_VOTE = "grant-vote", "grants its vote: first come, first served", "Raft §5.2";
/// }
/// assert_eq!(RULES[GRANT_VOTE.0 as usize].source, "Raft §5.2");
/// ```
#[macro_export]
macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $sentence:literal, $source:literal;)+) => {
        $crate::rules!(@number 0u8; $($(#[$doc])* $name;)+);
        /// All rules of this protocol; a `RuleId` is an index into it.
        pub const RULES: &[$crate::Rule] = &[
            $($crate::Rule { id: $id, sentence: $sentence, source: $source },)+
        ];
    };
    (@number $n:expr; $(#[$doc:meta])* $name:ident; $($rest:tt)*) => {
        $(#[$doc])*
        pub const $name: $crate::RuleId = $crate::RuleId($n);
        $crate::rules!(@number $n + 1; $($rest)*);
    };
    (@number $n:expr;) => {};
}
