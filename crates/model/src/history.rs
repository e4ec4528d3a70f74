//! The client operations of a run: a list that grows at its end and is shared by many moments.

use std::fmt;
use std::rc::Rc;

use crate::{OpRecord, Protocol};

/// How many records stand together. A moment that differs from another in a few records shares all other
/// blocks with it.
const BLOCK: usize = 64;

/// Client operations in the order of invocation. A copy costs nothing; what is changed later is copied
/// then, a block at a time.
pub struct History<P: Protocol> {
    blocks: Rc<Vec<Rc<Vec<OpRecord<P>>>>>,
    len: usize,
}

impl<P: Protocol> History<P> {
    /// How many operations there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing has been changed in either since one was copied from the other. That nothing differs
    /// is not found out by looking at every record.
    pub fn is_same(&self, other: &History<P>) -> bool {
        Rc::ptr_eq(&self.blocks, &other.blocks)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The operation at a place, counted from 0; its [`crate::OpId`] is one more.
    pub fn get(&self, place: usize) -> Option<&OpRecord<P>> {
        self.blocks.get(place / BLOCK)?.get(place % BLOCK)
    }

    /// All operations, in the order of invocation.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &OpRecord<P>> {
        self.blocks.iter().flat_map(|block| block.iter())
    }

    /// One more operation.
    pub fn push(&mut self, record: OpRecord<P>) {
        let blocks = Rc::make_mut(&mut self.blocks);
        match blocks.last_mut() {
            Some(block) if block.len() < BLOCK => Rc::make_mut(block).push(record),
            _ => blocks.push(Rc::new(vec![record])),
        }
        self.len += 1;
    }

    /// The operation at a place, to be changed.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut OpRecord<P>> {
        if place >= self.len {
            return None;
        }
        let block = Rc::make_mut(&mut self.blocks).get_mut(place / BLOCK)?;
        Rc::make_mut(block).get_mut(place % BLOCK)
    }
}

impl<P: Protocol> Default for History<P> {
    fn default() -> Self {
        History { blocks: Rc::default(), len: 0 }
    }
}

impl<P: Protocol> Clone for History<P> {
    fn clone(&self) -> Self {
        History { blocks: Rc::clone(&self.blocks), len: self.len }
    }
}

impl<P: Protocol> fmt::Debug for History<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
