//! Reads without the log: "Read-only operations can be handled without writing anything into the log.
//! However, with no additional measures, this would run the risk of returning stale data" (Raft §8).

use faultline_model::{NodeId, SortedSet};
use serde::Serialize;

use super::Ctx;
use super::machine::{Op, Ticket, Word};
use super::message::{Confirm, Msg};
use super::replication::respond;
use super::rules;
use super::server::{Role, Server};

/// A read that waits until its leader is sure that it leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Read {
    /// Who asked, and under which number.
    pub ticket: Ticket,
    /// Of what.
    pub register: Word,
    /// Up to where the leader had committed when it began to make sure; `None` before.
    pub index: Option<u64>,
    /// Who has confirmed that it leads.
    pub confirmed: SortedSet<NodeId>,
}

impl Server {
    /// A leader is asked for a read.
    pub(super) fn take_read(&mut self, ticket: Ticket, op: Op, cx: &mut Ctx<'_>) {
        let Op::Read(register) = op else { return };
        if !cx.params().confirm_leadership {
            cx.because(rules::READ_AT_ONCE);
            respond(ticket, self.machine.read(&register), cx);
            return;
        }
        cx.because(rules::READ_WAITS);
        let confirmed = SortedSet::from([cx.me()]);
        self.reads.push(Read { ticket, register, index: None, confirmed });
        self.confirm_reads(cx);
    }

    /// "First, a leader must have the latest information on which entries are committed": it has once an
    /// entry of its own term is. "Second, a leader must check whether it has been deposed": it exchanges
    /// "heartbeat messages with a majority of the cluster before responding" (§8).
    pub(super) fn confirm_reads(&mut self, cx: &mut Ctx<'_>) {
        if self.log.term(self.commit_index) != Some(self.current_term) {
            return;
        }
        let (index, term) = (self.commit_index, self.current_term);
        let mut asked = false;
        for read in self.reads.iter_mut().filter(|read| read.index.is_none()) {
            read.index = Some(index);
            asked = true;
            cx.broadcast(&Msg::Confirm(Confirm { term, serial: read.ticket.serial }));
        }
        if asked {
            cx.because(rules::CONFIRM_LEADERSHIP);
            self.serve_reads(cx);
        }
    }

    /// Answers the reads of which a majority has confirmed that this server led when they were asked.
    fn serve_reads(&mut self, cx: &mut Ctx<'_>) {
        let majority = cx.majority();
        let ready = |read: &Read| read.confirmed.len() >= majority && read.index <= Some(self.last_applied);
        let (served, rest): (Vec<Read>, Vec<Read>) =
            std::mem::take(&mut self.reads).into_iter().partition(|read| read.index.is_some() && ready(read));
        self.reads = rest;
        for Read { ticket, register, .. } in served {
            cx.because(rules::SERVE_READ);
            respond(ticket, self.machine.read(&register), cx);
        }
    }

    /// A leader asks whether it still leads: a heartbeat like any other, but for its number.
    pub(super) fn on_confirm(&mut self, from: NodeId, ask: Confirm, newer: bool, cx: &mut Ctx<'_>) {
        if ask.term < self.current_term {
            cx.because(rules::STALE_REQUEST);
        } else if self.recognize(from, cx) {
            cx.because(rules::FOLLOWS_STILL);
        } else {
            return;
        }
        let reply = Confirm { term: self.current_term, serial: ask.serial };
        self.answer(from, Msg::ConfirmReply(reply), newer, cx);
    }

    pub(super) fn on_confirm_reply(&mut self, from: NodeId, reply: Confirm, cx: &mut Ctx<'_>) {
        if reply.term < self.current_term {
            cx.because(rules::STALE_REPLY);
            return;
        }
        let read = self.reads.iter_mut().find(|read| read.ticket.serial == reply.serial);
        let Some(read) = read.filter(|_| self.role == Role::Leader) else {
            cx.because(rules::LATE_CONFIRMATION);
            return;
        };
        read.confirmed.insert(from);
        cx.because(rules::COUNT_CONFIRMATION);
        self.serve_reads(cx);
    }
}
