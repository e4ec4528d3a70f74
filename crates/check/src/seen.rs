//! The states that a search has seen, as fingerprints in one flat table.

/// An open-addressed set of 64-bit fingerprints. It is never iterated, so its order cannot leak.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Zero marks an empty place; the fingerprint zero is stored as one.
    table: Vec<u64>,
    len: usize,
}

impl Seen {
    pub fn new() -> Seen {
        Seen { table: vec![0; 1 << 12], len: 0 }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.table.len() * size_of::<u64>()
    }

    /// Whether a fingerprint is there.
    pub fn has(&self, fingerprint: u64) -> bool {
        let (mask, fingerprint) = (self.table.len() - 1, fingerprint.max(1));
        let mut at = fingerprint as usize & mask;
        while self.table[at] != 0 && self.table[at] != fingerprint {
            at = (at + 1) & mask;
        }
        self.table[at] != 0
    }

    /// Adds a fingerprint; false when it was there.
    pub fn insert(&mut self, fingerprint: u64) -> bool {
        // At most two thirds full, so that probing stays short.
        if self.len * 3 >= self.table.len() * 2 {
            let larger = vec![0; self.table.len() * 2];
            for old in std::mem::replace(&mut self.table, larger) {
                if old != 0 {
                    place(&mut self.table, old);
                }
            }
        }
        let new = place(&mut self.table, fingerprint.max(1));
        self.len += usize::from(new);
        new
    }
}

fn place(table: &mut [u64], fingerprint: u64) -> bool {
    let mask = table.len() - 1;
    let mut at = fingerprint as usize & mask;
    loop {
        match table[at] {
            0 => {
                table[at] = fingerprint;
                return true;
            }
            there if there == fingerprint => return false,
            _ => at = (at + 1) & mask,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_known_and_nothing_else() {
        let mut seen = Seen::new();
        let key = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        assert!(!seen.has(key(7)) && !seen.has(0));
        assert!((0..50_000).all(|i| seen.insert(key(i))));
        assert!((0..50_000).all(|i| seen.has(key(i))) && !seen.has(key(50_000)));
        assert!((0..50_000).all(|i| !seen.insert(key(i))));
        assert_eq!(seen.len(), 50_000);
        assert!(seen.insert(key(50_000)));
    }
}
