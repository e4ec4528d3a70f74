//! When a replica may apply what it has heard.

use faultline_model::{Cx, NodeId, OpId, sort_by_key};

use super::{Balance, Command, Disk, Msg, Op, Order, Replica, SEQUENCER, Timer, rules};

impl Replica {
    /// Applies a command to the state machine: the same to the same state gives the same, everywhere.
    pub(super) fn execute(&mut self, command: Command) {
        self.balance = match command.op {
            Op::Deposit(amount) => self.balance.saturating_add(u64::from(amount) * 100),
            Op::Interest(rate) => {
                self.balance.saturating_add(self.balance.saturating_mul(u64::from(rate)) / 100)
            }
            Op::Read => self.balance,
        };
        *self.applied.entry(command.issuer).or_default() += 1;
        self.log.push(command);
    }

    fn disk(&self) -> Disk {
        Disk { log: self.log.clone(), issued: self.issued }
    }

    fn applied(&self, issuer: NodeId) -> u64 {
        self.applied.get(&issuer).copied().unwrap_or(0)
    }

    /// Somebody asks this replica for a command.
    pub(super) fn issue(&mut self, id: OpId, op: Op, cx: &mut Cx<'_, Self>) {
        self.issued += 1;
        let command = Command { issuer: cx.me(), number: self.issued, op, after: self.applied.clone() };
        if cx.params().order != Order::Sequencer {
            cx.because(rules::APPLY_OWN);
            self.execute(command.clone());
            cx.persist(self.disk());
            cx.reply(id, Balance(self.balance));
            cx.broadcast(&Msg::Apply(command));
            return;
        }
        self.submitted.push((command.clone(), id));
        if self.sequencer {
            return self.give_place(cx.me(), command, cx);
        }
        cx.because(rules::SUBMIT);
        cx.persist(self.disk());
        cx.send(SEQUENCER, Msg::Submit(command));
        cx.arm(Timer::Retry, cx.params().retry);
    }

    /// The sequencer gives a command the next place, or finds the one that it has.
    pub(super) fn give_place(&mut self, from: NodeId, command: Command, cx: &mut Cx<'_, Self>) {
        if !self.sequencer {
            cx.because(rules::NOT_THE_SEQUENCER);
            return;
        }
        if let Some(place) = self.log.iter().position(|known| known.is(&command)) {
            cx.because(rules::HAS_A_PLACE);
            cx.flush();
            cx.send(from, Msg::Ordered(place as u64 + 1, self.log[place].clone()));
            return;
        }
        cx.because(rules::GIVE_PLACE);
        self.execute(command.clone());
        cx.persist(self.disk());
        self.answer(&command, cx);
        cx.broadcast(&Msg::Ordered(self.log.len() as u64, command));
    }

    /// A replica lacks what stands from that place on.
    pub(super) fn tell_again(&mut self, from: NodeId, place: u64, cx: &mut Cx<'_, Self>) {
        cx.because(rules::TELL_AGAIN);
        cx.flush();
        let first = usize::try_from(place).unwrap_or(usize::MAX).saturating_sub(1);
        for (index, command) in self.log.iter().enumerate().skip(first) {
            cx.send(from, Msg::Ordered(index as u64 + 1, command.clone()));
        }
    }

    /// Whether a command's turn has come.
    fn is_due(&self, place: u64, command: &Command, order: Order) -> bool {
        let next_of_issuer = command.number == self.applied(command.issuer) + 1;
        match order {
            Order::Arrival => true,
            Order::Fifo => next_of_issuer,
            Order::Causal => {
                let seen =
                    |(&node, &count): (&NodeId, &u64)| node == command.issuer || count <= self.applied(node);
                next_of_issuer && command.after.iter().all(seen)
            }
            Order::Sequencer => place == self.log.len() as u64 + 1,
        }
    }

    fn knows(&self, command: &Command) -> bool {
        let is = |known: &Command| known.is(command);
        self.log.iter().any(is) || self.held_back.iter().any(|(_, held)| is(held))
    }

    /// A command has come: it is applied when its turn is, and with it what waited for it.
    pub(super) fn take(&mut self, place: u64, command: Command, cx: &mut Cx<'_, Self>) {
        let order = cx.params().order;
        if self.knows(&command) {
            cx.because(rules::KNOWN);
            return;
        }
        if !self.is_due(place, &command, order) {
            cx.because(rules::HOLD_BACK);
            self.held_back.push((place, command));
            sort_by_key(&mut self.held_back, |(place, held)| (*place, held.issuer, held.number));
            if order == Order::Sequencer {
                cx.send(SEQUENCER, Msg::Missing(self.log.len() as u64 + 1));
            }
            return;
        }
        cx.because(match order {
            Order::Arrival => rules::APPLY,
            Order::Fifo => rules::APPLY_FIFO,
            Order::Causal => rules::APPLY_CAUSAL,
            Order::Sequencer => rules::APPLY_ORDERED,
        });
        let mut next = Some((place, command));
        while let Some((_, command)) = next.take() {
            self.execute(command.clone());
            self.answer(&command, cx);
            let due = self.held_back.iter().position(|(place, held)| self.is_due(*place, held, order));
            next = due.map(|at| self.held_back.remove(at));
        }
        cx.persist(self.disk());
    }

    /// Answers the operation that waits for this command here.
    fn answer(&mut self, command: &Command, cx: &mut Cx<'_, Self>) {
        if let Some(at) = self.submitted.iter().position(|(waiting, _)| waiting.is(command)) {
            let (_, id) = self.submitted.remove(at);
            cx.reply(id, Balance(self.balance));
        }
        if self.submitted.is_empty() {
            cx.disarm(Timer::Retry);
        }
    }

    /// After a start: what was ordered meanwhile is asked for.
    pub(super) fn catch_up(&self, cx: &mut Cx<'_, Self>) {
        cx.because(if self.log.is_empty() { rules::START } else { rules::RECOVER });
        if cx.params().order == Order::Sequencer && !self.sequencer && !self.log.is_empty() {
            cx.send(SEQUENCER, Msg::Missing(self.log.len() as u64 + 1));
        }
    }

    /// No word from the sequencer.
    pub(super) fn submit_again(&self, cx: &mut Cx<'_, Self>) {
        cx.because(rules::SUBMIT_AGAIN);
        for (command, _) in &self.submitted {
            cx.send(SEQUENCER, Msg::Submit(command.clone()));
        }
        cx.arm(Timer::Retry, cx.params().retry);
    }
}
