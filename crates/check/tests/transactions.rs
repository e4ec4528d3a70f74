//! The judge of transactions agrees with trying every order, on random small executions.

use faultline_check::transactions::{Isolation, Transaction, judge};
use proptest::prelude::*;

/// Whether some order of the transactions, one that keeps to real time if asked, explains all reads and the
/// versions written.
fn some_order(all: &[Transaction], strict: bool, done: &mut Vec<usize>) -> bool {
    if done.len() == all.len() {
        return true;
    }
    for next in (0..all.len()).filter(|next| !done.contains(next)).collect::<Vec<_>>() {
        let waits = |other: usize| !done.contains(&other) && all[other].ended < all[next].began;
        if strict && (0..all.len()).any(waits) {
            continue;
        }
        let version = |key: &str| {
            let writes = done.iter().flat_map(|&place| &all[place].writes);
            writes.filter(|(other, _)| other.as_ref() == key).map(|(_, version)| *version).max().unwrap_or(0)
        };
        let reads = all[next].reads.iter().all(|(key, read)| version(key) == *read);
        let writes = all[next].writes.iter().all(|(key, written)| version(key) + 1 == *written);
        if reads && writes {
            done.push(next);
            if some_order(all, strict, done) {
                return true;
            }
            done.pop();
        }
    }
    false
}

/// Up to five transactions over two keys. Versions are handed out in a random order, so they are whole.
fn executions() -> impl Strategy<Value = Vec<Transaction>> {
    let one = (any::<[bool; 2]>(), any::<[bool; 2]>(), any::<[u8; 2]>(), any::<u16>());
    (prop::collection::vec(one, 1..6), any::<u64>()).prop_map(|(plans, order)| {
        let mut turns: Vec<usize> = (0..plans.len()).collect();
        turns.sort_by_key(|&place| (order >> (place * 7)) & 127);
        let mut versions = [0u32; 2];
        let mut all = vec![Transaction::default(); plans.len()];
        for &place in &turns {
            for (key, name) in ["x", "y"].into_iter().enumerate() {
                if plans[place].1[key] {
                    versions[key] += 1;
                    all[place].writes.push((name.into(), versions[key]));
                }
            }
        }
        for (place, (reads, _, which, time)) in plans.iter().enumerate() {
            for (key, name) in ["x", "y"].into_iter().enumerate() {
                let own = all[place].writes.iter().any(|(other, _)| other.as_ref() == name);
                // What writes a key may read the version before it, so that updates occur.
                let own_version = all[place].writes.iter().find(|(other, _)| other.as_ref() == name);
                let version = match own_version {
                    Some((_, version)) if which[key] % 2 == 0 => version - 1,
                    _ => u32::from(which[key]) % (versions[key] + 1),
                };
                if reads[key] && !(own && own_version.is_some_and(|(_, own)| *own == version)) {
                    all[place].reads.push((name.into(), version));
                }
            }
            // No two events have the same number.
            all[place].began = u32::from(time % 97) * 20 + place as u32;
            all[place].ended = all[place].began + u32::from(time / 97 % 29) * 20 + 10;
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn it_agrees_with_trying_every_order(all in executions()) {
        for (isolation, strict) in [(Isolation::Serializable, false), (Isolation::Strict, true)] {
            let cycle = judge(&all, isolation).expect("versions are whole");
            let order = some_order(&all, strict, &mut vec![]);
            prop_assert_eq!(cycle.is_none(), order, "{:?}: {:?}", isolation, cycle);
        }
        // Whatever is serializable could have been read from snapshots.
        if judge(&all, Isolation::Serializable).unwrap().is_none() {
            prop_assert_eq!(judge(&all, Isolation::Snapshot).unwrap(), None);
        }
    }
}
