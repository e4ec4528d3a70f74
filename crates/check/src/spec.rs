//! Sequential specifications: what an object does when its operations come one at a time.
//!
//! A history is judged against one of these (Herlihy and Wing, *Linearizability: A Correctness Condition
//! for Concurrent Objects*, TOPLAS 1990, §2.2).

use std::fmt;
use std::hash::Hash;
use std::str::FromStr;
use std::sync::Arc;

use serde::Serialize;

/// A key or a value.
pub type Word = Arc<str>;

/// What an object does when its operations come one at a time.
pub trait Spec {
    /// The object's state.
    type State: Clone + Eq + Hash;
    /// What can be asked of it.
    type Call;
    /// What comes back.
    type Ret: PartialEq;

    /// The state before the first operation.
    fn start(&self) -> Self::State;

    /// The state after a call, and what it returns.
    fn apply(&self, state: &Self::State, call: &Self::Call) -> (Self::State, Self::Ret);

    /// The state after a call that returned `result`, or `None` if it cannot have returned that. A
    /// result that nobody saw (`None`) can have been any.
    fn after(
        &self,
        state: &Self::State,
        call: &Self::Call,
        result: Option<&Self::Ret>,
    ) -> Option<Self::State> {
        let (next, returned) = self.apply(state, call);
        result.is_none_or(|result| *result == returned).then_some(next)
    }

    /// Whether a call that returned that can have changed nothing, whatever the state was.
    fn is_read(&self, call: &Self::Call, result: &Self::Ret) -> bool;

    /// The bytes that a state owns beside its own size, for the bound on memory.
    fn owned_bytes(&self, _state: &Self::State) -> usize {
        0
    }
}

/// An operation on one key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Call {
    /// Which of several independent objects; empty when there is only one.
    pub key: Word,
    /// What is asked.
    pub verb: Verb,
}

/// What can be asked of a register or of a key's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Reads the value; a key-value store calls it get.
    Read,
    /// Writes a value; a key-value store calls it put.
    Write(Word),
    /// Writes the second value if the first is there; `None` stands for the empty register.
    Cas(Option<Word>, Word),
    /// Puts a text behind the value.
    Append(Word),
    /// Takes the value away.
    Delete,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ret {
    /// It was done.
    Done,
    /// The value; `None` when there is none.
    Value(Option<Word>),
    /// A compare-and-set found another value and wrote nothing.
    Mismatch,
}

impl Call {
    /// Whether it can change nothing, whatever the state.
    pub fn is_read(&self) -> bool {
        self.verb == Verb::Read
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Call { key, verb } = self;
        let space = if key.is_empty() { "" } else { " " };
        match verb {
            Verb::Read => write!(f, "read{space}{key}"),
            Verb::Write(value) if key.is_empty() => write!(f, "write {value}"),
            Verb::Write(value) => write!(f, "write {key}={value}"),
            Verb::Cas(old, new) => {
                write!(f, "cas{space}{key} {} {new}", old.as_deref().unwrap_or("nil"))
            }
            Verb::Append(text) => write!(f, "append{space}{key} {text:?}"),
            Verb::Delete => write!(f, "delete{space}{key}"),
        }
    }
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ret::Done => f.write_str("ok"),
            Ret::Value(Some(value)) if value.is_empty() => f.write_str("\"\""),
            Ret::Value(Some(value)) => f.write_str(value),
            Ret::Value(None) => f.write_str("nil"),
            Ret::Mismatch => f.write_str("failed"),
        }
    }
}

/// The objects that recorded histories are judged against. Each is the specification of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// Read, write and delete; empty at first.
    Register,
    /// The same, with compare-and-set.
    CasRegister,
    /// Get, put, append, delete and compare-and-set on a text that is empty at first. No value and the
    /// empty text are the same.
    Kv,
}

impl Model {
    /// All of them.
    pub const ALL: [Model; 3] = [Model::CasRegister, Model::Register, Model::Kv];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Model::Register => "register",
            Model::CasRegister => "cas-register",
            Model::Kv => "kv",
        }
    }

    /// Whether this can be asked of it.
    pub fn takes(self, verb: &Verb) -> bool {
        match verb {
            Verb::Read | Verb::Write(_) | Verb::Delete => true,
            Verb::Cas(..) => self != Model::Register,
            Verb::Append(_) => self == Model::Kv,
        }
    }

    /// What can be asked of it, for a message.
    pub fn verbs(self) -> &'static str {
        match self {
            Model::Register => "read, write, delete",
            Model::CasRegister => "read, write, cas, delete",
            Model::Kv => "get, put, append, cas, delete",
        }
    }

    /// The state with this value in it.
    fn holding(self, value: Option<&Word>) -> Option<Word> {
        value.filter(|value| self != Model::Kv || !value.is_empty()).cloned()
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no such model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no model `{0}`: use cas-register, register or kv")]
pub struct UnknownModel(pub String);

impl FromStr for Model {
    type Err = UnknownModel;

    fn from_str(text: &str) -> Result<Model, UnknownModel> {
        let named = Model::ALL.into_iter().find(|model| model.name() == text);
        named.ok_or_else(|| UnknownModel(text.chars().take(40).collect()))
    }
}

impl Spec for Model {
    type State = Option<Word>;
    type Call = Verb;
    type Ret = Ret;

    fn start(&self) -> Option<Word> {
        None
    }

    fn apply(&self, state: &Option<Word>, verb: &Verb) -> (Option<Word>, Ret) {
        match verb {
            Verb::Read => (state.clone(), Ret::Value(state.clone())),
            Verb::Write(value) => (self.holding(Some(value)), Ret::Done),
            Verb::Cas(old, new) if self.holding(old.as_ref()) == *state => {
                (self.holding(Some(new)), Ret::Done)
            }
            Verb::Cas(..) => (state.clone(), Ret::Mismatch),
            Verb::Append(text) => {
                let longer = [state.as_deref().unwrap_or_default(), text].concat();
                (self.holding(Some(&longer.into())), Ret::Done)
            }
            Verb::Delete => (None, Ret::Done),
        }
    }

    fn after(&self, state: &Option<Word>, verb: &Verb, result: Option<&Ret>) -> Option<Option<Word>> {
        // Spares a read the copy, and makes no difference between no value and the empty text in a store.
        if let (Verb::Read, Some(result)) = (verb, result) {
            let Ret::Value(read) = result else {
                return None;
            };
            return (self.holding(read.as_ref()) == *state).then(|| state.clone());
        }
        let (next, returned) = self.apply(state, verb);
        result.is_none_or(|result| *result == returned).then_some(next)
    }

    fn is_read(&self, verb: &Verb, result: &Ret) -> bool {
        *verb == Verb::Read || *result == Ret::Mismatch
    }

    fn owned_bytes(&self, state: &Option<Word>) -> usize {
        // Two counters stand before a shared text.
        state.as_ref().map_or(0, |text| text.len() + 2 * size_of::<usize>())
    }
}

/// Several objects of one model side by side, as one object. Sequential consistency needs it: unlike
/// linearizability it is not local (Herlihy and Wing, §3.3), so its keys cannot be judged apart.
#[derive(Clone, Debug)]
pub struct Store {
    /// What each of them is.
    pub model: Model,
    /// How many there are.
    pub keys: u32,
}

impl Spec for Store {
    type State = Vec<Option<Word>>;
    /// Which object, and what is asked of it.
    type Call = (u32, Verb);
    type Ret = Ret;

    fn start(&self) -> Self::State {
        vec![None; self.keys as usize]
    }

    fn apply(&self, state: &Self::State, (key, verb): &(u32, Verb)) -> (Self::State, Ret) {
        let (value, ret) = self.model.apply(&state[*key as usize], verb);
        let mut next = state.clone();
        next[*key as usize] = value;
        (next, ret)
    }

    fn after(
        &self,
        state: &Self::State,
        (key, verb): &(u32, Verb),
        result: Option<&Ret>,
    ) -> Option<Self::State> {
        let value = self.model.after(&state[*key as usize], verb, result)?;
        let mut next = state.clone();
        next[*key as usize] = value;
        Some(next)
    }

    fn is_read(&self, (_, verb): &(u32, Verb), result: &Ret) -> bool {
        self.model.is_read(verb, result)
    }

    fn owned_bytes(&self, state: &Self::State) -> usize {
        let words: usize = state.iter().map(|value| self.model.owned_bytes(value)).sum();
        size_of_val(state.as_slice()) + words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compare_and_set_writes_only_over_what_it_expects() {
        let model = Model::CasRegister;
        let cas = Verb::Cas(Some("1".into()), "2".into());
        let one: Option<Word> = Some("1".into());
        assert_eq!(model.apply(&one, &cas), (Some("2".into()), Ret::Done));
        assert_eq!(model.apply(&None, &cas), (None, Ret::Mismatch));
        assert_eq!(model.after(&None, &cas, Some(&Ret::Done)), None);
        assert_eq!(model.after(&None, &cas, None), Some(None));
        assert_eq!(model.apply(&None, &Verb::Cas(None, "2".into())).1, Ret::Done);
    }

    #[test]
    fn a_store_knows_no_difference_between_nothing_and_the_empty_text() {
        let read = |model: Model, ret: Option<&str>| {
            let ret = Ret::Value(ret.map(Word::from));
            model.after(&model.start(), &Verb::Read, Some(&ret)).is_some()
        };
        assert!(read(Model::Kv, Some("")) && read(Model::Kv, None));
        assert!(read(Model::Register, None) && !read(Model::Register, Some("")));
    }

    #[test]
    fn every_model_is_found_by_its_name() {
        assert!(Model::ALL.into_iter().all(|model| model.name().parse() == Ok(model)));
        assert!("queue".parse::<Model>().unwrap_err().to_string().contains("cas-register, register or kv"));
    }
}
