//! A search on all cores, with the answer of one: the threads look at their own states and come together
//! after each step.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex, PoisonError, RwLock};

use faultline_check::{Joint, Key, Search, Share, Winner};

/// States are shared out once there are so many for each thread.
const OPEN_PER_THREAD: usize = 64;

/// Who found which new state first, in the order of a search by one. Several locks, so that threads seldom
/// wait for each other.
struct Claims {
    parts: Vec<Mutex<BTreeMap<u64, Key>>>,
    count: AtomicUsize,
}

impl Claims {
    fn new() -> Claims {
        Claims { parts: (0..256).map(|_| Mutex::default()).collect(), count: AtomicUsize::new(0) }
    }

    fn part<T>(&self, fingerprint: u64, read: impl FnOnce(&mut BTreeMap<u64, Key>) -> T) -> T {
        let part = &self.parts[(fingerprint >> 56) as usize];
        read(&mut part.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes that a state was found; whether nobody has found it earlier.
    fn claim(&self, fingerprint: u64, key: Key) -> bool {
        self.part(fingerprint, |part| match part.get(&fingerprint) {
            Some(&earlier) if earlier <= key => false,
            other => {
                if other.is_none() {
                    self.count.fetch_add(1, Ordering::Relaxed);
                }
                part.insert(fingerprint, key);
                true
            }
        })
    }

    fn won(&self, fingerprint: u64, key: Key) -> bool {
        self.part(fingerprint, |part| part.get(&fingerprint) == Some(&key))
    }

    fn clear(&self) {
        self.count.store(0, Ordering::Relaxed);
        for part in &self.parts {
            part.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }
}

/// What the threads have in common.
struct Table<'a> {
    joint: RwLock<Joint>,
    claims: Claims,
    winners: Mutex<Vec<Winner>>,
    barrier: Barrier,
    ended: AtomicBool,
    /// Whether there is no memory for more.
    full: &'a (dyn Fn() -> bool + Sync),
    gave_up: AtomicBool,
}

impl Table<'_> {
    fn stop(&self) -> bool {
        if !self.gave_up.load(Ordering::Relaxed) && (self.full)() {
            self.gave_up.store(true, Ordering::Relaxed);
        }
        self.gave_up.load(Ordering::Relaxed)
    }

    /// One step after the other, until the end.
    fn work(&self, mut share: Share, leads: bool) {
        loop {
            {
                let joint = self.joint.read().unwrap_or_else(PoisonError::into_inner);
                let claim = |fingerprint, key| self.claims.claim(fingerprint, key);
                let enough = || joint.would_be_full(self.claims.count.load(Ordering::Relaxed));
                share.expand(&joint, &claim, &enough, &|| self.stop());
            }
            self.barrier.wait();
            let own = share.winners(&|fingerprint, key| self.claims.won(fingerprint, key));
            self.winners.lock().unwrap_or_else(PoisonError::into_inner).extend(own);
            self.barrier.wait();
            if leads {
                self.settle();
            }
            self.barrier.wait();
            if self.ended.load(Ordering::Relaxed) {
                return;
            }
            share.adopt(&self.joint.read().unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn settle(&self) {
        let winners = std::mem::take(&mut *self.winners.lock().unwrap_or_else(PoisonError::into_inner));
        let mut joint = self.joint.write().unwrap_or_else(PoisonError::into_inner);
        let ended = if self.gave_up.load(Ordering::Relaxed) {
            joint.give_up();
            true
        } else {
            joint.settle(winners)
        };
        self.ended.store(ended, Ordering::Relaxed);
        self.claims.clear();
    }
}

/// Searches to the end on so many threads. `new` begins the same search each time; it is called once in each
/// thread. `full` says whether there is no memory for more; true is returned if that ended the search.
pub fn search(
    own: &mut Search,
    threads: usize,
    new: &(dyn Fn() -> Search + Sync),
    full: &(dyn Fn() -> bool + Sync),
) -> bool {
    let open = OPEN_PER_THREAD * threads;
    if !own.widen(open) {
        return false;
    }
    let table = Table {
        joint: RwLock::new(own.join()),
        claims: Claims::new(),
        winners: Mutex::default(),
        barrier: Barrier::new(threads),
        ended: AtomicBool::new(false),
        full,
        gave_up: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        for index in 0..threads {
            let table = &table;
            scope.spawn(move || {
                let mut search = new();
                search.widen(open);
                table.work(Share::of(search, index, threads), index == 0);
            });
        }
    });
    own.conclude(table.joint.into_inner().unwrap_or_else(PoisonError::into_inner));
    table.gave_up.into_inner()
}
