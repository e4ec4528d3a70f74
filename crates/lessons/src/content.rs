//! The lessons that are written, embedded into programs for authors. The web app fetches JSON instead.

use crate::author::{AuthorError, compile};
use crate::lesson::Lesson;

/// Every lesson file: its path within `content/` and its text, in the order of the course.
pub const FILES: &[(&str, &str)] = &[
    (
        "01-between-two-machines/eight-fallacies.md",
        include_str!("../content/01-between-two-machines/eight-fallacies.md"),
    ),
    (
        "01-between-two-machines/lost-message.md",
        include_str!("../content/01-between-two-machines/lost-message.md"),
    ),
    (
        "01-between-two-machines/partial-failure.md",
        include_str!("../content/01-between-two-machines/partial-failure.md"),
    ),
    (
        "01-between-two-machines/retry-and-idempotency.md",
        include_str!("../content/01-between-two-machines/retry-and-idempotency.md"),
    ),
    ("02-time-and-order/lamport-clocks.md", include_str!("../content/02-time-and-order/lamport-clocks.md")),
    (
        "02-time-and-order/last-writer-wins.md",
        include_str!("../content/02-time-and-order/last-writer-wins.md"),
    ),
    ("02-time-and-order/reading-clocks.md", include_str!("../content/02-time-and-order/reading-clocks.md")),
    ("02-time-and-order/snapshot.md", include_str!("../content/02-time-and-order/snapshot.md")),
    ("02-time-and-order/vector-clocks.md", include_str!("../content/02-time-and-order/vector-clocks.md")),
    ("03-who-is-alive/failure-detectors.md", include_str!("../content/03-who-is-alive/failure-detectors.md")),
    ("03-who-is-alive/gossip.md", include_str!("../content/03-who-is-alive/gossip.md")),
    ("03-who-is-alive/swim.md", include_str!("../content/03-who-is-alive/swim.md")),
    ("06-agreement/leases-and-fencing.md", include_str!("../content/06-agreement/leases-and-fencing.md")),
    ("06-agreement/paxos.md", include_str!("../content/06-agreement/paxos.md")),
    ("06-agreement/raft-commit.md", include_str!("../content/06-agreement/raft-commit.md")),
    ("06-agreement/raft-elections.md", include_str!("../content/06-agreement/raft-elections.md")),
    ("06-agreement/raft-logs.md", include_str!("../content/06-agreement/raft-logs.md")),
    ("06-agreement/total-order.md", include_str!("../content/06-agreement/total-order.md")),
    (
        "08-transactions-and-coherent-caches/two-phase-commit.md",
        include_str!("../content/08-transactions-and-coherent-caches/two-phase-commit.md"),
    ),
];

/// All lessons, compiled; the first fault if there is one.
pub fn lessons() -> Result<Vec<Lesson>, AuthorError> {
    FILES.iter().map(|(file, text)| compile(&format!("crates/lessons/content/{file}"), text)).collect()
}

/// The lesson of that slug.
pub fn lesson(slug: &str) -> Option<Result<Lesson, AuthorError>> {
    let suffix = format!("/{slug}.md");
    let (file, text) = FILES.iter().find(|(file, _)| file.ends_with(&suffix))?;
    Some(compile(&format!("crates/lessons/content/{file}"), text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chapters;

    #[test]
    fn the_map_of_the_course_says_which_lessons_are_written_and_agrees_with_them() {
        let lessons = lessons().unwrap();
        for chapter in chapters() {
            for planned in chapter.lessons {
                let written = lessons.iter().find(|lesson| lesson.slug == planned.slug);
                assert_eq!(written.is_some(), planned.written(), "{}", planned.slug);
                let Some(lesson) = written else { continue };
                assert_eq!(
                    (
                        lesson.id.as_str(),
                        lesson.title.as_str(),
                        lesson.chapter,
                        lesson.minutes,
                        lesson.steps.len()
                    ),
                    (planned.id, planned.title, chapter.number, planned.minutes, planned.steps.into())
                );
            }
        }
    }

    #[test]
    fn every_file_in_the_content_folder_is_listed() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/content");
        let mut found = vec![];
        for chapter in std::fs::read_dir(root).unwrap().flatten() {
            for file in std::fs::read_dir(chapter.path()).unwrap().flatten() {
                let path = file.path();
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
        found.sort();
        assert_eq!(found, FILES.iter().map(|(file, _)| (*file).to_owned()).collect::<Vec<_>>());
    }
}
