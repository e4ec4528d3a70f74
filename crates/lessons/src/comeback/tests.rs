use proptest::prelude::*;

use super::*;
use crate::chapters;

const FIRST: &str = "lost-message";

fn wrong(step: u32) -> Predicted {
    Predicted { step, option: 1, confidence: Confidence::Certain, right: false }
}

fn after_error(day: u32) -> Progress {
    let mut progress = Progress::default();
    progress.remember(FIRST, &wrong(0), day);
    progress
}

fn answer(progress: &mut Progress, lesson: &str, day: u32, right: Option<bool>) -> bool {
    let Some(asked) = progress.comeback(lesson, day).cloned() else { return false };
    progress.answer_comeback(&asked, lesson, right);
    true
}

#[test]
fn only_what_was_certain_and_wrong_is_remembered_and_only_once() {
    let mut progress = Progress::default();
    progress.remember(FIRST, &Predicted { confidence: Confidence::Fairly, ..wrong(0) }, 1);
    progress.remember(FIRST, &Predicted { right: true, ..wrong(0) }, 1);
    assert!(progress.comebacks.is_empty());
    progress.remember(FIRST, &wrong(0), 1);
    progress.remember(FIRST, &wrong(0), 2);
    assert_eq!(progress.comebacks.len(), 1);
    let pairs = Matched { step: 6, effects: vec![0, 2, 1, 3], confidence: Confidence::Certain };
    progress.remember_pairs("eight-fallacies", &pairs, 1);
    assert_eq!(progress.comebacks.len(), 3, "each wrong pair is one");
}

#[test]
fn it_comes_back_in_the_next_lesson_and_again_a_chapter_later() {
    let mut progress = after_error(100);
    assert!(progress.comeback(FIRST, 200).is_none(), "never in its own lesson");
    assert!(answer(&mut progress, "retry-and-idempotency", 100, Some(true)));
    assert!(progress.comeback("retry-and-idempotency", 300).is_none(), "once a lesson");
    assert!(progress.comeback("partial-failure", 106).is_none(), "the same chapter, too soon");
    assert!(progress.comeback("partial-failure", 107).is_some(), "a week");
    assert!(answer(&mut progress, "last-writer-wins", 100, Some(true)), "the next chapter");
    assert!(progress.comebacks.is_empty(), "right in both places");
}

#[test]
fn put_off_or_wrong_it_comes_back_in_the_next_lesson() {
    let mut progress = after_error(100);
    assert!(answer(&mut progress, "retry-and-idempotency", 100, None));
    assert!(answer(&mut progress, "partial-failure", 100, Some(false)));
    assert!(answer(&mut progress, "eight-fallacies", 100, Some(true)));
    assert!(answer(&mut progress, "gossip", 100, Some(false)));
    assert!(answer(&mut progress, "swim", 100, Some(true)));
    assert!(progress.comebacks.is_empty());
}

#[test]
fn a_lesson_offers_one_and_the_oldest_first() {
    let mut progress = after_error(100);
    progress.remember(FIRST, &wrong(2), 100);
    assert_eq!(progress.comeback("swim", 100).map(|known| known.step), Some(0));
    assert!(answer(&mut progress, "swim", 100, Some(true)));
    assert!(progress.comeback("swim", 100).is_none());
    // The first is due again, a chapter later, and still the older one.
    assert_eq!(progress.comeback("gossip", 100).map(|known| known.step), Some(0));
}

#[test]
fn what_comes_back_survives_json_and_older_progress_has_none() {
    let mut progress = after_error(20_000);
    answer(&mut progress, "swim", 20_001, Some(true));
    let json = serde_json::to_string(&progress).unwrap();
    assert_eq!(serde_json::from_str::<Progress>(&json).unwrap(), progress);
    assert!(serde_json::from_str::<Progress>(r#"{"version":1}"#).unwrap().comebacks.is_empty());
}

#[cfg(feature = "author")]
#[test]
fn the_question_is_that_of_the_lesson_in_another_order() {
    let lesson = |slug: &str| crate::content::lesson(slug).unwrap().unwrap();
    let (first, pairs) = (lesson(FIRST), lesson("eight-fallacies"));
    let mut known = after_error(1).comebacks.remove(0);
    let asked = known.question(&first).unwrap();
    let own = &first.steps[0].prediction.as_ref().unwrap().options;
    assert_eq!(asked.options.len(), own.len());
    assert!(asked.options[0] != own[0] && asked.options.iter().filter(|option| option.right).count() == 1);
    assert_eq!(known.believed(&first).unwrap(), plain(&own[1].text));
    known.once = Some("swim".to_owned());
    assert_ne!(known.question(&first).unwrap().options, asked.options);
    assert!(known.question(&pairs).is_some(), "step 1 of L04 has a prediction, too");

    let known = Comeback { cause: Some(2), chosen: 5, step: 6, once: None, ..known };
    let asked = known.question(&pairs).unwrap();
    let right: Vec<_> = asked.options.iter().filter(|option| option.right).collect();
    let matching = pairs.steps[6].matching.as_ref().unwrap();
    assert_eq!((asked.options.len(), right.len()), (3, 1));
    assert_eq!(right[0].text, matching.pairs[2].effect);
    assert!(asked.options.iter().any(|option| option.text == matching.pairs[5].effect));
    for gone in [
        Comeback { step: 99, ..known.clone() },
        Comeback { cause: Some(99), ..known.clone() },
        Comeback { chosen: 99, ..known.clone() },
        Comeback { cause: None, ..known.clone() },
    ] {
        assert_eq!(gone.question(&pairs), None, "{gone:?}");
    }
}

fn slug() -> impl Strategy<Value = &'static str> {
    let all: Vec<&str> =
        chapters().iter().flat_map(|chapter| chapter.lessons).map(|lesson| lesson.slug).collect();
    prop::sample::select(all)
}

proptest! {
    /// Whatever lessons are opened on whatever days, with whatever answers.
    #[test]
    fn the_schedule_keeps_its_promises(
        visits in prop::collection::vec((slug(), 0u32..4, prop::option::of(any::<bool>())), 0..60)
    ) {
        let (mut progress, mut day, made) = (after_error(100), 100, 100);
        let (mut right, mut offered, mut others) = (vec![], vec![], 0);
        for (lesson, days, answer) in visits {
            day += days;
            let asked = progress.comeback(lesson, day).cloned();
            // Within two lessons: the very next one that is another and was not asked before.
            let news = lesson != FIRST && !offered.contains(&lesson);
            if right.is_empty() && news {
                prop_assert!(asked.is_some(), "{} offers nothing", lesson);
            }
            others += usize::from(news);
            let Some(asked) = asked else { continue };
            prop_assert!(news, "never in its own lesson, never twice in one");
            if !right.is_empty() {
                let chapter = |slug: &str| planned(slug).unwrap().0.number;
                let later = chapter(lesson) > chapter(FIRST) || day >= made + DAYS_BETWEEN;
                prop_assert!(later && right[0] != lesson, "spaced");
            }
            progress.answer_comeback(&asked, lesson, answer);
            offered.push(lesson);
            if answer == Some(true) { right.push(lesson); }
            prop_assert!(right.len() <= 2);
            prop_assert_eq!(progress.comebacks.is_empty(), right.len() == 2);
        }
        prop_assert!(offered.len() <= others);
    }
}
