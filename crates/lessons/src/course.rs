//! The map of the course: 48 lessons in 9 chapters, whether they are written yet or not.

/// One chapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Its number, from 1.
    pub number: u8,
    /// Its title.
    pub title: &'static str,
    /// Its lessons in order.
    pub lessons: &'static [Planned],
}

/// One lesson of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its place in the course: "L31".
    pub id: &'static str,
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its title.
    pub title: &'static str,
    /// How long it takes, in minutes; planned while the lesson is coming.
    pub minutes: u8,
    /// How much the course needs it.
    pub priority: Priority,
    /// How many steps it has; none while the lesson is coming.
    pub steps: u8,
}

impl Planned {
    /// Whether it can be taken; otherwise it is coming, and there is nothing to link to.
    pub fn written(&self) -> bool {
        self.steps > 0
    }
}

/// How much the course needs a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// The core path: a complete course on its own.
    Core,
    /// Strongly expected.
    Expected,
    /// Beyond.
    Extension,
}

/// The nine chapters in order.
pub fn chapters() -> &'static [Chapter] {
    &CHAPTERS
}

/// The lesson of that slug, with its chapter.
pub fn planned(slug: &str) -> Option<(&'static Chapter, &'static Planned)> {
    CHAPTERS.iter().find_map(|chapter| {
        chapter.lessons.iter().find(|lesson| lesson.slug == slug).map(|lesson| (chapter, lesson))
    })
}

/// One line a lesson, which the formatter would make eight of. The last number is that of its steps.
macro_rules! course {
    ($($number:literal $chapter:literal { $($id:literal $slug:literal $title:literal $minutes:literal $priority:ident $steps:literal;)+ })+) => {
        static CHAPTERS: [Chapter; 9] = [$(Chapter {
            number: $number,
            title: $chapter,
            lessons: &[$(Planned {
                id: $id,
                slug: $slug,
                title: $title,
                minutes: $minutes,
                priority: Priority::$priority,
                steps: $steps,
            },)+],
        },)+];
    };
}

course! {
    1 "Between two machines" {
        "L01" "lost-message" "The message that never came" 7 Core 7;
        "L02" "retry-and-idempotency" "Retry, duplicate, idempotency key" 8 Core 7;
        "L03" "partial-failure" "Partial failure: fire, silence, one-way streets" 7 Core 6;
        "L04" "eight-fallacies" "Eight fallacies, eight dials" 9 Expected 7;
    }
    2 "Time and order" {
        "L05" "last-writer-wins" "Last writer wins, and the later write loses" 8 Core 6;
        "L06" "reading-clocks" "Reading someone else’s clock: Cristian, NTP, HLC" 9 Extension 7;
        "L07" "lamport-clocks" "Lamport clocks: order without time" 9 Core 6;
        "L08" "vector-clocks" "Vector clocks and causal delivery" 9 Core 7;
        "L09" "snapshot" "A photograph of a moving system: Chandy–Lamport" 8 Expected 5;
    }
    3 "Who is alive?" {
        "L10" "failure-detectors" "Heartbeats, timeouts and φ" 8 Core 6;
        "L11" "swim" "SWIM: ask a friend" 8 Expected 6;
        "L12" "gossip" "Gossip, anti-entropy, Merkle trees" 9 Core 7;
    }
    4 "Load, latency, overload" {
        "L13" "one-server" "How much can one server do?" 8 Core 0;
        "L14" "load-balancing" "Load balancing, tiers and sessions" 8 Core 0;
        "L15" "caches" "Caches, thundering herds and stale sets" 9 Expected 0;
        "L16" "tail-at-scale" "The tail at scale" 8 Core 0;
        "L17" "retries-and-backoff" "Retries, backoff, jitter, budgets, breakers" 9 Core 0;
        "L18" "overload" "Backpressure, cascades, metastable failure" 9 Expected 0;
        "L19" "nines-and-traces" "Nines, recovery and traces" 8 Expected 0;
    }
    5 "Copies: replication and consistency" {
        "L20" "primary-backup" "Primary–backup and the output rule" 8 Core 0;
        "L21" "replica-lag" "Replica lag, session guarantees, geographic failover" 9 Core 0;
        "L22" "quorums" "Quorums: N, R, W" 8 Core 0;
        "L23" "linearizability" "One system from many: linearizability and ABD" 10 Core 0;
        "L24" "crdts" "Merging without asking: CRDTs" 9 Expected 0;
        "L25" "chain-replication" "Chain replication and CRAQ" 9 Expected 0;
        "L26" "choose-two" "Choose two: CAP, PACELC, the latency triangle" 9 Core 0;
    }
    6 "Agreement" {
        "L27" "leases-and-fencing" "Locks, leases and fencing tokens" 7 Core 7;
        "L28" "total-order" "State machines, total order, and why agreement is hard" 9 Expected 6;
        "L29" "paxos" "Paxos, one decree" 10 Core 7;
        "L30" "multi-paxos" "Multi-Paxos and Viewstamped Replication" 10 Extension 0;
        "L31" "raft-elections" "Raft elections: the value of a little randomness" 9 Core 7;
        "L32" "raft-logs" "Raft logs: who may lead, how logs heal" 9 Core 5;
        "L33" "raft-commit" "Figure 8: a majority is not a commit" 10 Core 6;
        "L34" "safe-reads" "Reading safely: leases, ReadIndex, ZooKeeper" 9 Expected 0;
        "L35" "byzantine" "Liars: Byzantine generals and PBFT" 10 Extension 0;
    }
    7 "Partitioning and peer-to-peer" {
        "L36" "consistent-hashing" "Consistent hashing" 8 Core 0;
        "L37" "chord" "Overlays and Chord" 9 Core 0;
        "L38" "peer-to-peer" "Kademlia, BitTorrent and client–server" 9 Extension 0;
        "L39" "nakamoto" "Agreement by work: Nakamoto consensus" 9 Expected 0;
    }
    8 "Transactions and coherent caches" {
        "L40" "two-phase-commit" "Two-phase commit and its blocking window" 9 Core 6;
        "L41" "optimistic-concurrency" "Optimistic concurrency: validate or regret" 8 Expected 0;
        "L42" "frangipani" "Frangipani: caches that agree" 9 Extension 0;
        "L43" "spanner" "Spanner: waiting out the uncertainty" 9 Expected 0;
        "L44" "sagas" "Sagas" 8 Extension 0;
    }
    9 "Storage, computation, streams" {
        "L45" "gfs" "GFS: one master, many chunks" 9 Expected 0;
        "L46" "mapreduce" "MapReduce: stragglers and re-execution" 9 Core 0;
        "L47" "spark" "Spark: lineage instead of replicas" 8 Extension 0;
        "L48" "log-and-streams" "The log, offsets and exactly-once" 9 Expected 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_48_lessons_in_order_and_26_of_them_are_the_core_path() {
        let all: Vec<_> = chapters().iter().flat_map(|chapter| chapter.lessons).collect();
        assert_eq!(all.len(), 48);
        for (i, lesson) in all.iter().enumerate() {
            assert_eq!(lesson.id, format!("L{:02}", i + 1));
            assert!((6..=10).contains(&lesson.minutes), "{}", lesson.slug);
            assert!(all[..i].iter().all(|other| other.slug != lesson.slug));
        }
        assert_eq!(all.iter().filter(|lesson| lesson.priority == Priority::Core).count(), 26);
        for (i, chapter) in chapters().iter().enumerate() {
            assert_eq!(usize::from(chapter.number), i + 1);
        }
    }
}
