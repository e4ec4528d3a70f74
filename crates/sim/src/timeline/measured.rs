//! What the protocol measured ([`faultline_model::Cx::measure`]), for charts.

use std::collections::BTreeMap;

use super::Timeline;
use crate::Measure;

impl Timeline {
    /// What was measured on the current branch up to the cursor, in the order of the events; each value
    /// with its series, its node, its event and its time. It was noted when it happened: nothing is
    /// replayed, so a chart can ask for it at every frame.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        // From the leaf up, each branch contributes what lies before the next one leaves it.
        let mut parts = vec![];
        let (mut link, mut until) = (Some(self.current), self.cursor());
        while let Some(index) = link {
            let branch = &self.branches[index];
            let count = branch.measured.partition_point(|measure| measure.event <= until);
            parts.push(&branch.measured[..count]);
            until = until.min(branch.base);
            link = branch.parent;
        }
        parts.into_iter().rev().flatten()
    }

    /// The same by series, in the order of their names.
    pub fn series(&self) -> BTreeMap<&'static str, Vec<&Measure>> {
        let mut series = BTreeMap::<_, Vec<_>>::new();
        for measure in self.measures() {
            series.entry(measure.series).or_default().push(measure);
        }
        series
    }
}
