//! Numbers of states, by their fingerprints, in one flat table.

/// A number for each of many fingerprints. It is never iterated, so its order cannot leak.
#[derive(Debug)]
pub(crate) struct Table {
    /// Zero marks an empty place; the fingerprint zero is stored as one.
    table: Vec<(u64, u32)>,
    len: usize,
}

impl Table {
    pub fn new() -> Table {
        Table { table: vec![(0, 0); 1 << 12], len: 0 }
    }

    /// How many fingerprints there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.table.len() * size_of::<(u64, u32)>()
    }

    /// The number of a fingerprint.
    pub fn get(&self, fingerprint: u64) -> Option<u32> {
        let (known, number) = self.table[self.place(fingerprint.max(1))];
        (known != 0).then_some(number)
    }

    pub fn clear(&mut self) {
        self.table.fill((0, 0));
        self.len = 0;
    }

    /// Notes a number for a fingerprint; false if it had one that is no smaller.
    pub fn improve(&mut self, fingerprint: u64, left: u32) -> bool {
        // At most two thirds full, so that probing stays short.
        if self.len * 3 >= self.table.len() * 2 {
            let larger = vec![(0, 0); self.table.len() * 2];
            for (old, left) in std::mem::replace(&mut self.table, larger) {
                if old != 0 {
                    let at = self.place(old);
                    self.table[at] = (old, left);
                }
            }
        }
        let fingerprint = fingerprint.max(1);
        let at = self.place(fingerprint);
        let (known, before) = self.table[at];
        self.len += usize::from(known == 0);
        let better = known == 0 || before < left;
        if better {
            self.table[at] = (fingerprint, left);
        }
        better
    }

    /// Where a fingerprint is, or belongs.
    fn place(&self, fingerprint: u64) -> usize {
        let mask = self.table.len() - 1;
        let mut at = fingerprint as usize & mask;
        while self.table[at].0 != 0 && self.table[at].0 != fingerprint {
            at = (at + 1) & mask;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_counts_once_and_is_looked_at_again_only_with_more_steps_left() {
        let mut left = Table::new();
        let key = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        assert!((0..20_000).all(|i| left.improve(key(i), 3)));
        assert!((0..20_000).all(|i| !left.improve(key(i), 3) && !left.improve(key(i), 2)));
        assert!((0..20_000).all(|i| left.improve(key(i), 4)));
        assert_eq!(left.len, 20_000);
        left.clear();
        assert!(left.improve(0, 0) && !left.improve(0, 0));
        assert_eq!(left.len, 1);
    }
}
