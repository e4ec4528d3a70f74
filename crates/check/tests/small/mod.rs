//! Small histories of reads and writes on two keys, one operation after the other.

use faultline_check::history::{History, Operation, Outcome};
use faultline_check::spec::{Call, Ret, Verb, Word};

/// An operation of a process on a key; a read names the value that it returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Op {
    pub process: usize,
    pub key: usize,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Write(u8),
    Read(Option<u8>),
}

/// The operations, one after the other.
pub fn history(ops: &[Op]) -> History {
    let word = |value: u8| Word::from(value.to_string());
    let operation = |(i, op): (u32, &Op)| {
        let (verb, ret) = match op.what {
            What::Write(value) => (Verb::Write(word(value)), Ret::Done),
            What::Read(value) => (Verb::Read, Ret::Value(value.map(word))),
        };
        let call = Call { key: ["x", "y"][op.key].into(), verb };
        let process = format!("C{}", op.process + 1).as_str().into();
        let outcome = Outcome::Returned(ret);
        Operation { process, call, outcome, invoked: 2 * i + 1, returned: Some(2 * i + 2) }
    };
    History::new((0..).zip(ops).map(operation).collect()).unwrap()
}
