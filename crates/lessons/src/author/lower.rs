//! From what an author writes to the typed lesson.

use std::ops::Range;

use faultline_check::Bounds;
use faultline_experiments::{Repeat, experiments};
use faultline_sim::{Predicate, Script};

use super::error::{Outcome, Wrong};
use super::form::{
    ChoiceForm, ContrastForm, FixForm, GoalForm, ObserveForm, PredictForm, QuizForm, SearchForm, SideForm,
    SourceForm, Text, TrialForm,
};
use super::{markdown, yaml};
use crate::lesson::{
    Answer, Choice, Contrast, Fix, Goal, Observation, Offer, Prediction, Question, Searched, Seen, Settings,
    Side, Source, Trial,
};
use crate::prose::Inline;

/// The file and the block that is being read.
pub(super) struct Within<'a> {
    pub text: &'a str,
    pub range: Range<usize>,
}

impl Within<'_> {
    pub fn place(&self, what: &Text) -> Range<usize> {
        yaml::span(self.text, &self.range, what)
    }

    pub fn line(&self, what: &Text) -> Outcome<Vec<Inline>> {
        markdown::inlines(&what.0.value, &self.place(what))
    }

    /// A script within YAML. Its own lines are not lines of the file, so the error says which is meant.
    pub fn script(&self, what: Text) -> Outcome<String> {
        let place = self.place(&what);
        match Script::parse(&what.0.value) {
            Ok(_) => Ok(what.0.value),
            Err(error) => Wrong::at(place, format!("in this script, {error}")),
        }
    }

    pub fn name(&self, what: Text) -> Outcome<String> {
        let place = self.place(&what);
        let name = what.0.value;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 60 || !name.chars().all(fits) || name.starts_with('-') {
            return Wrong::at(
                place,
                "a short name has lower case letters, digits and hyphens: `two-leaders`",
            );
        }
        Ok(name)
    }

    pub fn experiment(&self, name: &Text) -> Outcome<Offer> {
        let Some(found) = faultline_experiments::find(&name.0.value) else {
            let known: Vec<&str> = experiments().iter().map(|experiment| experiment.slug).collect();
            return Wrong::at(
                self.place(name),
                format!("there is no experiment of that name; there are: {}", known.join(", ")),
            );
        };
        let once = found.arms.iter().all(|arm| arm.repeat == Repeat::Once);
        Ok(Offer {
            slug: found.slug.to_owned(),
            title: found.title.to_owned(),
            about: found.about.to_owned(),
            trials: if once { 1 } else { found.trials },
        })
    }

    pub fn trial(&self, form: TrialForm) -> Outcome<Trial> {
        super::check_seed(form.seed.unwrap_or(0), &self.range)?;
        let settings =
            Settings { protocol: form.protocol, nodes: form.nodes, seed: form.seed, set: form.set.0 };
        Ok(Trial { settings, script: self.script(form.script)? })
    }

    fn choices(&self, forms: Vec<ChoiceForm>) -> Outcome<Vec<Choice>> {
        if !(2..=4).contains(&forms.len()) {
            return Wrong::at(
                self.range.clone(),
                format!("two to four options, and here are {}", forms.len()),
            );
        }
        if forms.iter().filter(|form| form.right).count() != 1 {
            return Wrong::at(self.range.clone(), "exactly one option has `right: true`");
        }
        let choice = |form: ChoiceForm| {
            Ok(Choice {
                text: self.line(&form.text)?,
                right: form.right,
                feedback: self.line(&form.feedback)?,
                belief: form.belief.map(|trial| self.trial(trial)).transpose()?,
            })
        };
        forms.into_iter().map(choice).collect()
    }

    pub fn prediction(&self, form: PredictForm) -> Outcome<Prediction> {
        Ok(Prediction { question: self.line(&form.question)?, options: self.choices(form.options)? })
    }

    pub fn observation(&self, form: ObserveForm) -> Outcome<Observation> {
        let answer = match (form.field, form.options) {
            (Some(field), options) if options.is_empty() => {
                Answer::Field { node: field.node, path: field.path }
            }
            (None, options) if (2..=4).contains(&options.len()) => {
                let seen = |seen: super::form::SeenForm| {
                    Ok(Seen { text: self.line(&seen.text)?, holds: seen.holds })
                };
                Answer::Options(options.into_iter().map(seen).collect::<Outcome<_>>()?)
            }
            _ => {
                return Wrong::at(self.range.clone(), "either `field`, or two to four `options`");
            }
        };
        Ok(Observation { question: self.line(&form.question)?, answer, look: self.line(&form.look)? })
    }

    pub fn contrast(&self, form: ContrastForm) -> Outcome<Contrast> {
        let side = |side: SideForm| Ok(Side { label: side.label, trial: self.trial(side.trial)? });
        Ok(Contrast {
            about: self.line(&form.about)?,
            failing: side(form.failing)?,
            fixed: side(form.fixed)?,
        })
    }

    pub fn goal(&self, form: GoalForm) -> Outcome<Goal> {
        let hints = form.hints.iter().map(|hint| self.line(hint)).collect::<Outcome<Vec<_>>>()?;
        if hints.is_empty() {
            return Wrong::at(self.range.clone(), "a goal has at least one hint");
        }
        let search = form.search.map(|search| self.search(search, &form.predicate)).transpose()?;
        Ok(Goal {
            search,
            id: self.name(form.id)?,
            text: self.line(&form.text)?,
            predicate: form.predicate,
            par: form.par,
            hints,
            solution: self.script(form.solution)?,
            wrong: self.script(form.wrong)?,
            resists: form.resists.map(|fix| self.fix(fix)).transpose()?,
        })
    }

    fn fix(&self, form: FixForm) -> Outcome<Fix> {
        let settings = Settings { set: form.set.0, ..Settings::default() };
        Ok(Fix { settings, before: form.before.map(|script| self.script(script)).transpose()? })
    }

    fn search(&self, form: SearchForm, goal: &Predicate) -> Outcome<Searched> {
        let Some(property) = form.property.or_else(|| goal.violated().map(str::to_owned)) else {
            return Wrong::at(self.range.clone(), "`search` needs the `property` that it is to break");
        };
        let usual = Bounds::default();
        let bounds = Bounds {
            timeouts: form.timeouts,
            drops: form.drops,
            duplicates: form.duplicates,
            restarts: form.restarts,
            crashes: form.crashes,
            clocks: form.clocks,
            depth: form.depth.unwrap_or(usual.depth),
            ..usual
        };
        Ok(Searched {
            property,
            settings: Settings { nodes: form.nodes, set: form.set.0, ..Settings::default() },
            before: form.before.map(|script| self.script(script)).transpose()?,
            bounds,
            requests: form.requests,
            states: form.states,
        })
    }

    pub fn question(&self, form: QuizForm) -> Outcome<Question> {
        Ok(Question {
            kind: form.kind,
            question: self.line(&form.question)?,
            stage: form.stage.map(|trial| self.trial(trial)).transpose()?,
            options: self.choices(form.options)?,
        })
    }

    pub fn source(&self, form: SourceForm) -> Outcome<Source> {
        Ok(Source {
            citation: form.citation,
            section: form.section,
            what: self.line(&form.what)?,
            number: form.number,
            status: form.status,
        })
    }
}

/// A script in a block of its own.
pub(super) fn check_script(text: &str, body: &Range<usize>) -> Outcome<()> {
    match Script::parse(&text[body.clone()]) {
        Ok(_) => Ok(()),
        Err(error) => {
            let span = body.start + error.span.start..body.start + error.span.end;
            let help = if error.help.is_empty() { String::new() } else { format!("; {}", error.help) };
            Wrong::at(span, format!("{}{help}", error.message))
        }
    }
}
