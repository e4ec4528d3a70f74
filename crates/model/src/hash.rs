//! A hasher whose results are the same on every platform.

use std::hash::Hasher;

/// The algorithm "faultline-fold-1": every value is fed as 64-bit little-endian words, each folded in
/// by xor, multiplication with an odd constant and a right-shift xor; the finalizer is MurmurHash3's.
///
/// `usize`, lengths and enum discriminants are widened to 64 bits, so that 32-bit WebAssembly and a
/// 64-bit native build agree. It is neither cryptographic nor meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StableHasher(u64);

impl Default for StableHasher {
    fn default() -> Self {
        StableHasher::new()
    }
}

impl StableHasher {
    /// The name and version of the algorithm, as printed beside digests.
    pub const NAME: &'static str = "faultline-fold-1";

    /// An empty hasher.
    pub const fn new() -> StableHasher {
        StableHasher(0x6661_756c_746c_696e)
    }

    /// Goes on from an earlier [`StableHasher::state`].
    pub const fn resume(state: u64) -> StableHasher {
        StableHasher(state)
    }

    /// What [`StableHasher::resume`] goes on from.
    pub const fn state(self) -> u64 {
        self.0
    }

    /// Folds one word in.
    #[inline]
    pub fn word(&mut self, word: u64) {
        let folded = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = folded ^ (folded >> 29);
    }
}

impl Hasher for StableHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.word(u64::from_le_bytes(chunk.try_into().expect("chunks of eight")));
        }
        let rest = chunks.remainder();
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        // The length keeps "ab" + "c" apart from "a" + "bc".
        self.word(u64::from_le_bytes(last) ^ ((bytes.len() as u64) << 56));
    }
    #[inline]
    fn write_u8(&mut self, i: u8) {
        self.word(i.into());
    }
    #[inline]
    fn write_u16(&mut self, i: u16) {
        self.word(i.into());
    }
    #[inline]
    fn write_u32(&mut self, i: u32) {
        self.word(i.into());
    }
    #[inline]
    fn write_u64(&mut self, i: u64) {
        self.word(i);
    }
    #[inline]
    fn write_usize(&mut self, i: usize) {
        self.word(i as u64);
    }
    #[inline]
    fn write_i8(&mut self, i: i8) {
        self.word(i as u64);
    }
    #[inline]
    fn write_i16(&mut self, i: i16) {
        self.word(i as u64);
    }
    #[inline]
    fn write_i32(&mut self, i: i32) {
        self.word(i as u64);
    }
    #[inline]
    fn write_i64(&mut self, i: i64) {
        self.word(i as u64);
    }
    #[inline]
    fn write_isize(&mut self, i: isize) {
        self.word(i as u64);
    }
    #[inline]
    fn finish(&self) -> u64 {
        let mut x = self.0;
        x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        x = (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        x ^ (x >> 33)
    }
}

#[cfg(test)]
mod tests {
    use std::hash::Hash;

    use super::*;

    fn hash(value: &impl Hash) -> u64 {
        let mut hasher = StableHasher::new();
        value.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn the_algorithm_is_pinned() {
        assert_eq!(hash(&(1u16, "S2", Some(3usize), vec![-1i64])), 5_696_791_144_365_346_488);
    }

    #[test]
    fn single_bits_spread() {
        let base = hash(&0u64);
        for bit in 0..64 {
            let changed = (base ^ hash(&(1u64 << bit))).count_ones();
            assert!((12..=52).contains(&changed), "bit {bit} changes {changed} bits");
        }
    }
}
