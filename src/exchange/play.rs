//! Playing a script or a run a piece at a time, so that the page stays alive and can stop it.

use faultline_lessons::catalogue;
use faultline_sim::script::{Command, Header, Line, Statement, Step};
use faultline_sim::{Player, Restoring, Run, Scenario, Script, Timeline};

/// What a script's run starts from: what its header says, and the rest from `here` unless it says that it
/// is for a protocol of its own.
pub fn scenario_of(script: &Script, here: Scenario) -> Scenario {
    let own = script.header().any(|header| matches!(header, Header::Protocol(_)));
    let mut scenario = if own { Scenario::default() } else { here };
    for header in script.header() {
        match header {
            Header::Protocol(slug) => scenario.protocol.clone_from(slug),
            Header::Lesson(slug) => scenario.lesson = Some(slug.clone()),
            Header::Nodes(count) => scenario.nodes = *count,
            Header::Seed(seed) => scenario.seed = *seed,
            Header::Set(name, value) => scenario.set.push((name.clone(), value.clone())),
        }
    }
    scenario
}

/// What came of a piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// There is more.
    More,
    /// That was all.
    Done,
    /// It can be played only up to here, and why.
    Stopped(String),
}

/// Something that is being played.
pub enum Play {
    /// A run.
    Run(Box<Restoring>),
    /// A script.
    Script(Box<Playing>),
}

impl Play {
    /// A run from its start; the error says why it cannot be.
    pub fn of_run(run: &Run) -> Result<Play, String> {
        run.check().map_err(|error| error.to_string())?;
        let world = catalogue::build(&run.scenario).map_err(|error| error.to_string())?;
        let restoring = Restoring::new(run.clone(), world).map_err(|error| error.to_string())?;
        Ok(Play::Run(Box::new(restoring)))
    }

    /// A script from the start of its run.
    pub fn of_script(script: Script, scenario: Scenario) -> Result<Play, String> {
        scenario.check().map_err(|error| error.to_string())?;
        let world = catalogue::build(&scenario).map_err(|error| error.to_string())?;
        let timeline = Timeline::new(scenario, world);
        Ok(Play::Script(Box::new(Playing { lines: script.lines, next: 0, timeline })))
    }

    /// Goes on for about `most` events.
    pub fn go(&mut self, most: u32) -> Piece {
        match self {
            Play::Run(restoring) => match restoring.go(most) {
                Ok(false) => Piece::More,
                Ok(true) => Piece::Done,
                Err(error) => Piece::Stopped(error.to_string()),
            },
            Play::Script(playing) => playing.go(most),
        }
    }

    /// How far it is: steps done, and of how many.
    pub fn progress(&self) -> (u32, u32) {
        match self {
            Play::Run(restoring) => restoring.progress(),
            Play::Script(playing) => (playing.next as u32, playing.lines.len() as u32),
        }
    }

    /// What has been played so far.
    pub fn finish(self) -> Timeline {
        match self {
            Play::Run(restoring) => restoring.finish(),
            Play::Script(playing) => playing.timeline,
        }
    }
}

/// A script that is being played.
pub struct Playing {
    lines: Vec<Line>,
    next: usize,
    timeline: Timeline,
}

impl Playing {
    fn go(&mut self, most: u32) -> Piece {
        let until = self.timeline.cursor().saturating_add(most);
        while let Some(line) = self.lines.get_mut(self.next) {
            if self.timeline.cursor() >= until {
                return Piece::More;
            }
            let left = until - self.timeline.cursor();
            if let Some(Statement::Step(step)) = &mut line.statement
                && !go_towards(step, &mut self.timeline, left)
            {
                return Piece::More;
            }
            let one = Script { lines: vec![line.clone()] };
            if let Some(Err(failure)) = Player::new(&one).step(&mut self.timeline) {
                let number = self.next + 1;
                return Piece::Stopped(format!("line {number}: `{}`: {}", failure.statement, failure.why));
            }
            self.next += 1;
        }
        Piece::Done
    }
}

/// Lets happen what happens before a step, at most `most` events of it; false when there is more of that.
/// What is left of the step is then quickly done, however far it goes.
fn go_towards(step: &mut Step, timeline: &mut Timeline, most: u32) -> bool {
    if let Some(event) = step.after {
        for _ in 0..most {
            if timeline.cursor() >= event || timeline.step().is_none() {
                break;
            }
        }
        // The rest is within the piece, or nothing happens any more: then the step itself says so.
        if timeline.cursor() < event && timeline.next_due().is_some() {
            return false;
        }
    } else if let Some(time) = step.at
        && timeline.world().now() < time
        && !timeline.run_to(time, most)
    {
        return false;
    }
    match &mut step.command {
        Command::RunEvents(count) if *count > most => {
            let before = timeline.cursor();
            while timeline.cursor() - before < most && timeline.step().is_some() {}
            *count -= timeline.cursor() - before;
            step.after = None;
            step.at = None;
            // At rest the step says so.
            timeline.next_due().is_none()
        }
        Command::RunFor(span) => {
            let start = timeline.world().now();
            let until = start + *span;
            if timeline.run_to(until, most) {
                *span = faultline_model::Span::ZERO;
                step.after = None;
                step.at = None;
                return true;
            }
            *span = until.since(timeline.world().now());
            step.after = None;
            step.at = None;
            false
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "protocol raft\nnodes 5\nseed 42\n\n# The first election.\nrun until leader\nrun 300ms\n\
        at 900ms crash S1\nafter event 400 restart S1\nrun 250 events\nrun 1s\nexpect time >= 1s\n";

    fn played(play: Result<Play, String>, piece: u32) -> (Timeline, Piece) {
        let mut play = play.unwrap();
        let mut last = Piece::More;
        for _ in 0..100_000 {
            last = play.go(piece);
            if last != Piece::More {
                break;
            }
        }
        (play.finish(), last)
    }

    #[test]
    fn a_script_played_in_pieces_gives_what_it_gives_at_once() {
        let script = Script::parse(SCRIPT).unwrap();
        let scenario = scenario_of(&script, Scenario::default());
        let mut whole = Timeline::new(scenario.clone(), catalogue::build(&scenario).unwrap());
        script.run(&mut whole).unwrap();
        for piece in [1, 7, 100, 100_000] {
            let (timeline, last) = played(Play::of_script(script.clone(), scenario.clone()), piece);
            assert_eq!(last, Piece::Done, "pieces of {piece}");
            assert_eq!(
                (timeline.digest(), timeline.len()),
                (whole.digest(), whole.len()),
                "pieces of {piece}"
            );
            assert_eq!(timeline.world().now(), whole.world().now(), "pieces of {piece}");
            let (again, last) = played(Play::of_run(&timeline.run()), piece);
            assert_eq!((again.digest(), last), (whole.digest(), Piece::Done));
        }
    }

    #[test]
    fn a_script_that_fails_says_where_and_leaves_what_came_before() {
        let text = "protocol raft\nseed 1\nrun 50 events\n\ncrash S9\nrun 10 events";
        let script = Script::parse(text).unwrap();
        let (timeline, last) =
            played(Play::of_script(script.clone(), scenario_of(&script, Scenario::default())), 8);
        assert!(
            matches!(&last, Piece::Stopped(why) if why.starts_with("line 5: `crash S9`: there is no node S9"))
        );
        assert_eq!(timeline.len(), 50);
    }

    #[test]
    fn lines_without_a_protocol_are_for_the_run_on_stage() {
        let here = Scenario { protocol: "raft".to_owned(), nodes: 3, seed: 7, ..Scenario::default() };
        let of = |text: &str| scenario_of(&Script::parse(text).unwrap(), here.clone());
        assert_eq!(of("crash S1"), here);
        assert_eq!(of("seed 9\ncrash S1"), Scenario { seed: 9, ..here.clone() });
        let other = Scenario { protocol: "paxos".to_owned(), ..Scenario::default() };
        assert_eq!(of("protocol paxos\ncrash S1"), other);
    }

    #[test]
    fn a_long_wait_comes_in_pieces() {
        let text = "protocol raft\nseed 1\nrun 3000s";
        let script = Script::parse(text).unwrap();
        let mut play = Play::of_script(script.clone(), scenario_of(&script, Scenario::default())).unwrap();
        assert_eq!((play.go(500), play.go(500)), (Piece::More, Piece::More));
        let events = play.finish().len();
        assert!((900..=1_100).contains(&events), "{events}");
    }

    #[test]
    fn what_cannot_be_run_is_refused_in_words() {
        let script = Script::parse("protocol no-such\ncrash S1").unwrap();
        let error = Play::of_script(script.clone(), scenario_of(&script, Scenario::default())).err().unwrap();
        assert!(error.contains("there is no protocol `no-such`"), "{error}");
        let run = Run {
            version: 9,
            scenario: Scenario::default(),
            interventions: vec![],
            plan: vec![],
            cursor: 0,
            length: 0,
        };
        assert!(Play::of_run(&run).err().unwrap().contains("newer Faultline"));
    }
}
