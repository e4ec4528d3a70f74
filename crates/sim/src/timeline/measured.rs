//! What the protocol measured ([`faultline_model::Cx::measure`]), for charts, and what it testified
//! ([`faultline_model::Cx::testify`]), for judges.

use super::{Branch, Timeline};
use crate::{Measure, Testimony};
use faultline_model::SortedMap;

impl Timeline {
    /// What was measured on the current branch up to the cursor, in the order of the events; each value
    /// with its series, its node, its event and its time. It was noted when it happened: nothing is
    /// replayed, so a chart can ask for it at every frame.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.noted(|branch| &branch.measured, |measure| measure.event)
    }

    /// What was testified on the current branch up to the cursor, in the order of the events. Nothing is
    /// replayed for it.
    pub fn testimony(&self) -> impl Iterator<Item = &Testimony> {
        self.noted(|branch| &branch.testimony, |testimony| testimony.event)
    }

    /// What was noted with the events of the current branch. From the leaf up, each branch contributes
    /// what lies before the next one leaves it.
    fn noted<'t, T: 't>(
        &'t self,
        notes: impl Fn(&'t Branch) -> &'t [T],
        event: impl Fn(&T) -> u32,
    ) -> impl Iterator<Item = &'t T> {
        let mut parts = vec![];
        let (mut link, mut until) = (Some(self.current), self.cursor());
        while let Some(index) = link {
            let branch = &self.branches[index];
            let all = notes(branch);
            parts.push(&all[..all.partition_point(|note| event(note) <= until)]);
            until = until.min(branch.base);
            link = branch.parent;
        }
        parts.into_iter().rev().flatten()
    }

    /// [`Timeline::measures`] by series, in the order of their names.
    pub fn series(&self) -> SortedMap<&'static str, Vec<&Measure>> {
        let mut series = SortedMap::<_, Vec<_>>::new();
        for measure in self.measures() {
            series.entry(measure.series).or_default().push(measure);
        }
        series
    }
}
