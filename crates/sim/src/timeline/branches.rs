//! The branches of a timeline: which there are, and going from one to another.

use super::{Branch, BranchView, Timeline};

impl Timeline {
    /// All branches, oldest first.
    pub fn branches(&self) -> Vec<BranchView> {
        let view = |(index, branch): (usize, &Branch)| BranchView {
            index,
            parent: branch.parent,
            base: branch.base,
            length: branch.base + self.own(index).len() as u32,
            current: index == self.current,
            label: self.label(branch),
            named: branch.name.is_some(),
        };
        self.branches.iter().enumerate().map(view).collect()
    }

    fn label(&self, branch: &Branch) -> String {
        if let Some(name) = &branch.name {
            return name.clone();
        }
        if branch.parent.is_none() {
            return "the first run".to_owned();
        }
        let own = branch.interventions.iter().find(|intervention| intervention.after >= branch.base);
        let Some(own) = own else {
            let parent = branch.parent.map(|parent| &self.branches[parent].progress.plan);
            let replanned = parent.is_some_and(|plan| *plan != branch.progress.plan);
            return if replanned { "the plan is changed" } else { "nothing done yet" }.to_owned();
        };
        let place = (own.after - branch.base) as usize;
        let event = branch.tail.get(place).or_else(|| self.log.get(own.after as usize));
        event.map_or_else(String::new, |event| self.world.narrate(event, Some(&own.action)).text)
    }

    /// Goes to another branch, to the same event if it has so many. False when there is no such branch.
    pub fn switch(&mut self, index: usize) -> bool {
        if index >= self.branches.len() {
            return false;
        }
        if index == self.current {
            return true;
        }
        let cursor = self.cursor();
        let base = self.branches[self.current].base as usize;
        let log = self.events_of(index).into_owned();
        self.branches[self.current].tail = self.log.split_off(base);
        self.log = log;
        self.branches[index].tail = vec![];
        self.current = index;
        self.run_up = None;
        // The world may be one of the other future: begin from a checkpoint of this one.
        self.world = self.branches[index].checkpoints[0].fork();
        self.seek(cursor);
        true
    }
}
