//! The fenced blocks of a step.

use std::ops::Range;

use super::error::{Outcome, Wrong};
use super::form::{CriticalForm, StageForm};
use super::lower::{Within, check_script};
use super::{check_seed, markdown, yaml};
use crate::lesson::{Critical, Settings, Stage, Step};

const BLOCKS: &str = "stage, before, script, predict, match, critical, observe, explain, contrast, goal (in a step), \
                      quiz, source";

/// One block: its info string, the whole of it, and its content.
pub(super) struct Fence<'a> {
    pub text: &'a str,
    pub info: &'a str,
    pub whole: Range<usize>,
    pub body: Range<usize>,
}

impl Fence<'_> {
    /// Refuses a second block of a kind that a step has one of.
    fn once(&self, taken: bool) -> Outcome<()> {
        if taken {
            return Wrong::at(self.whole.clone(), format!("a step has one `{}` block at most", self.info));
        }
        Ok(())
    }

    /// Refuses a second prediction of another kind.
    fn alone(&self, other: bool) -> Outcome<()> {
        if other {
            return Wrong::at(self.whole.clone(), "a step has one prediction: either `predict` or `match`");
        }
        Ok(())
    }
}

/// Takes a block into its step.
pub(super) fn block(step: &mut Step, fence: &Fence<'_>) -> Outcome<()> {
    let Fence { text, info, whole, body } = fence;
    let within = Within { text, range: body.clone() };
    match *info {
        "stage" | "before" | "script" => return run(step, fence),
        "predict" => {
            fence.once(step.prediction.is_some())?;
            fence.alone(step.matching.is_some())?;
            step.prediction = Some(within.prediction(yaml::read(text, body)?)?);
        }
        "match" => {
            fence.once(step.matching.is_some())?;
            fence.alone(step.prediction.is_some())?;
            step.matching = Some(within.matching(yaml::read(text, body)?)?);
        }
        "critical" => {
            fence.once(step.critical.is_some())?;
            let form: CriticalForm = yaml::read(text, body)?;
            step.critical = Some(Critical { until: form.until, focus: form.focus });
        }
        "observe" => {
            fence.once(step.observation.is_some())?;
            step.observation = Some(within.observation(yaml::read(text, body)?)?);
        }
        "explain" => {
            fence.once(!step.explanation.is_empty())?;
            step.explanation = markdown::blocks(text, body.clone())?;
        }
        "contrast" => {
            fence.once(step.contrast.is_some())?;
            step.contrast = Some(within.contrast(yaml::read(text, body)?)?);
        }
        "goal" => step.goals.push(within.goal(yaml::read(text, body)?)?),
        "quiz" | "source" => {
            return Wrong::at(
                whole.clone(),
                "`quiz` blocks stand under `## Quiz` and `source` blocks under `## Sources`",
            );
        }
        other => {
            return Wrong::at(
                whole.clone(),
                format!("there is no block `{other}`; the blocks are: {BLOCKS}"),
            );
        }
    }
    Ok(())
}

/// A block about the step's run.
fn run(step: &mut Step, fence: &Fence<'_>) -> Outcome<()> {
    let Fence { text, info, body, .. } = fence;
    let content = &text[body.clone()];
    if *info == "stage" {
        let form = if content.trim().is_empty() { StageForm::default() } else { yaml::read(text, body)? };
        check_seed(form.seed.unwrap_or(0), body)?;
        let stage = step.stage.get_or_insert_default();
        fence.once(stage.settings != Settings::default())?;
        stage.settings =
            Settings { protocol: form.protocol, nodes: form.nodes, seed: form.seed, set: form.set.0 };
        step.palette = form.palette;
        return Ok(());
    }
    check_script(text, body)?;
    let Stage { before, script, .. } = step.stage.get_or_insert_default();
    let target = if *info == "before" { before } else { script };
    fence.once(!target.is_empty())?;
    content.clone_into(target);
    Ok(())
}
