//! Clients that ask by themselves: how a [`crate::Workload`] drives the system.

use faultline_model::{Kind, NodeId, OpForm, OpId, Protocol, Time};

use crate::event::What;
use crate::queue::{Class, Due, Pending, tie_of_node};
use crate::workload::Running;
use crate::{Event, Global, Refused, Workload};

/// When an operation of a workload is drawn among what is due at the same time, and in which order.
pub(crate) fn tie_of_session(session: u32) -> u64 {
    tie_of_node(NodeId(0), Class::Issue, session)
}

impl<P: Protocol> Global<P> {
    /// A workload begins; one that runs ends with it.
    pub(crate) fn begin_workload(&mut self, spec: &Workload) -> Result<Event, Refused> {
        if self.by_hand {
            return Refused::because("a search moves everything by hand: there is no workload in it");
        }
        spec.check().or_else(|why| Refused::because(format!("this workload {why}")))?;
        let clients = self.clients_of(spec)?;
        let forms = self.forms_of(&clients)?;
        let running = Running::begin(spec, clients, &forms, self.setup.seed, &self.demand, self.now)
            .map_err(Refused)?;
        let text = running.arrival(0).text;
        if let Err(why) = text.parse::<P::Op>() {
            return Refused::because(format!("`{text}` is no operation: {why}"));
        }
        self.demand.end();
        self.demand.begun += 1;
        for (session, at) in running.due() {
            self.plan_issue(running.number(), session, at);
        }
        self.demand.running = Some(running);
        Ok(self.happened(What::WorkloadBegun, NodeId(0)))
    }

    pub(crate) fn end_workload(&mut self) -> Result<Event, Refused> {
        if self.demand.running.as_ref().is_none_or(Running::is_finished) {
            return Refused::because("no workload runs");
        }
        self.demand.end();
        Ok(self.happened(What::WorkloadEnded, NodeId(0)))
    }

    /// The clients that a workload names; if it names none, all clients, or all servers where clients
    /// take no operations.
    fn clients_of(&self, spec: &Workload) -> Result<Vec<NodeId>, Refused> {
        let cast = &self.setup.cast;
        if let Some(&node) = spec.clients.iter().find(|&&node| P::operations(cast.kind(node)).is_empty()) {
            return self.refuse(node, "takes no operations");
        }
        let twice = |i: usize| spec.clients[..i].contains(&spec.clients[i]);
        if let Some(i) = (0..spec.clients.len()).find(|&i| twice(i)) {
            return self.refuse(spec.clients[i], "stands among the clients twice");
        }
        if !spec.clients.is_empty() {
            return Ok(spec.clients.clone());
        }
        let asking = |kind| {
            let nodes: Vec<NodeId> = cast.of_kind(kind).collect();
            (!nodes.is_empty() && !P::operations(kind).is_empty()).then_some(nodes)
        };
        match asking(Kind::Client).or_else(|| asking(Kind::Server)) {
            Some(nodes) => Ok(nodes),
            None => Refused::because("no node of this run takes operations"),
        }
    }

    /// What those clients take; clients of different kinds may take different things.
    fn forms_of(&self, clients: &[NodeId]) -> Result<Vec<OpForm>, Refused> {
        let kind = |node: NodeId| self.setup.cast.kind(node);
        let first = clients[0];
        let forms = P::operations(kind(first));
        let other =
            clients.iter().find(|&&node| kind(node) != kind(first) && P::operations(kind(node)) != forms);
        match other {
            Some(&other) => {
                let (first, other) = (self.name(first), self.name(other));
                Refused::because(format!("{first} and {other} do not take the same operations"))
            }
            None => Ok(forms),
        }
    }

    /// Plans the next operation of a session.
    fn plan_issue(&mut self, workload: u32, session: u32, at: Time) {
        self.plan(Due { at, tie: tie_of_session(session), pending: Pending::Issue { workload, session } });
    }

    /// Whether that operation is still to come then.
    pub(crate) fn issue_is_due(&self, workload: u32, session: u32, at: Time) -> bool {
        let running = self.demand.running.as_ref().filter(|running| running.number() == workload);
        running.and_then(|running| running.due_of(session)) == Some(at)
    }

    /// The next operation of a session comes now, in time or by hand.
    pub(crate) fn issue(&mut self, session: u32) -> Event {
        let running = self.demand.running.as_ref().expect("a workload, or nothing of it would be due");
        let (number, arrival) = (running.number(), running.arrival(session));
        let node = arrival.client;
        let op = arrival.text.parse::<P::Op>();
        debug_assert!(op.is_ok(), "a template that makes no operation: `{}`", arrival.text);
        let op = op.ok().filter(|_| self.slots[node.index()].is_up());
        // Before the handler runs: it may answer at once.
        let id = op.is_some().then_some(OpId(self.history.len() as u32 + 1));
        let now = self.now;
        let next = self.demand.running.as_mut().and_then(|running| running.issued(session, id, now));
        if let Some(at) = next {
            self.plan_issue(number, session, at);
        }
        match op {
            Some(op) => {
                self.demand.form = arrival.form;
                let event = self.request(node, op);
                self.demand.form = "";
                event
            }
            None => {
                let event = Event { kind: arrival.form, ..self.blank(What::Missed, node) };
                self.trace(&arrival.text);
                self.record(event)
            }
        }
    }

    pub(crate) fn issue_by_hand(&mut self, session: u32) -> Result<Event, Refused> {
        let Some(running) = &self.demand.running else {
            return Refused::because("no workload runs");
        };
        if running.due_of(session).is_none() {
            return Refused::because("no such operation of the workload is to come");
        }
        Ok(self.issue(session))
    }

    /// An operation is answered: the client of a closed workload thinks, and asks again.
    pub(crate) fn after_reply(&mut self, op: OpId) {
        let now = self.now;
        let Some(running) = &mut self.demand.running else { return };
        let number = running.number();
        if let Some((session, at)) = running.answered(op, now) {
            self.plan_issue(number, session, at);
        }
    }
}
