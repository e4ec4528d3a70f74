//! One sort for all types.
//!
//! The standard library's sorts are compiled anew for each type that is sorted and for each way of
//! comparing: several kilobytes a time, which a page downloads. Here only what compares two items and what
//! swaps two is; the sort itself is compiled once and calls those two. That makes a comparison dearer, so a
//! loop in which the sort is what takes the time does better with the standard library's.

use std::cmp::Ordering;

/// Sorts by an item's own order. Equal items stay in the order in which they are.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts by a key of each item. Items of equal keys stay in the order in which they are.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts as `compare` says. Items that it calls equal stay in the order in which they are.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    sort_items(items.len(), &mut Slice { items, compare });
}

/// What the sort must be able to do with the items of a slice, by their places.
trait Items {
    fn compare(&self, a: usize, b: usize) -> Ordering;
    fn swap(&mut self, a: usize, b: usize);
}

struct Slice<'a, T, C> {
    items: &'a mut [T],
    compare: C,
}

impl<T, C: Fn(&T, &T) -> Ordering> Items for Slice<'_, T, C> {
    fn compare(&self, a: usize, b: usize) -> Ordering {
        (self.compare)(&self.items[a], &self.items[b])
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.items.swap(a, b);
    }
}

/// Up to so many items each is moved to its place among those before it: that needs no memory.
const SHORT: usize = 16;

#[inline(never)]
fn sort_items(count: usize, items: &mut dyn Items) {
    if count > SHORT {
        let order = order(count, items);
        return arrange(order, items);
    }
    for next in 1..count {
        let mut place = next;
        while place > 0 && items.compare(place - 1, place).is_gt() {
            items.swap(place - 1, place);
            place -= 1;
        }
    }
}

/// By place in the sorted slice, where its item is now: runs are merged two by two until there is one. The
/// standard library’s sort of these numbers would be eight kilobytes.
fn order(count: usize, items: &dyn Items) -> Vec<u32> {
    let above = |a: u32, b: u32| items.compare(a as usize, b as usize).is_gt();
    let (mut order, mut merged): (Vec<u32>, Vec<u32>) = ((0..count as u32).collect(), vec![]);
    let mut run = 1;
    while run < count {
        merged.clear();
        for two in order.chunks(2 * run) {
            let (mut left, mut right) = two.split_at(run.min(two.len()));
            // Most of what is sorted here is nearly in order.
            let apart = matches!((left, right), ([.., a], [b, ..]) if !above(*a, *b));
            while !apart && let ([a, rest_left @ ..], [b, rest_right @ ..]) = (left, right) {
                if above(*a, *b) {
                    merged.push(*b);
                    right = rest_right;
                } else {
                    merged.push(*a);
                    left = rest_left;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        run *= 2;
    }
    order
}

/// Moves every item to its place, cycle by cycle.
fn arrange(mut order: Vec<u32>, items: &mut dyn Items) {
    for start in 0..order.len() {
        let mut place = start;
        loop {
            let from = std::mem::replace(&mut order[place], place as u32) as usize;
            if from == start {
                break;
            }
            items.swap(place, from);
            place = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(
            keys in prop::collection::vec(0_u8..24, 0..80),
            falling in any::<bool>(),
        ) {
            let items: Vec<(u8, String)> =
                keys.into_iter().enumerate().map(|(place, key)| (key, place.to_string())).collect();
            let compare = |a: &(u8, String), b: &(u8, String)| match falling {
                true => b.0.cmp(&a.0),
                false => a.0.cmp(&b.0),
            };
            let (mut ours, mut theirs) = (items.clone(), items.clone());
            sort_by(&mut ours, compare);
            theirs.sort_by(compare);
            prop_assert_eq!(&ours, &theirs);
            sort_by_key(&mut ours, |item| item.0 / 2);
            theirs.sort_by_key(|item| item.0 / 2);
            prop_assert_eq!(&ours, &theirs);
            sort(&mut ours);
            theirs.sort();
            prop_assert_eq!(ours, theirs);
        }
    }
}
