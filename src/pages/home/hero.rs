//! The panel at the top of the front page: the simulator, really running Raft. The show loses its
//! leader again and again, and what is drawn is what then happens.

use std::rc::Rc;

use faultline_lessons::catalogue;
use faultline_model::{NodeId, Time};
use faultline_sim::{Action, Disk, NodeView, Scenario, Status, Timeline, WorldView};
use leptos::html::Div;
use leptos::prelude::*;
use leptos_use_element_size::use_element_size;
use leptos_use_media_query::use_media_query;
use leptos_use_raf_fn::{UseRafFnCallbackArgs, use_raf_fn};

use crate::session::progress;
use crate::spacetime::{Condition, Frame, Picture, Story, Stroke, hue_word};
use crate::widgets::{Coming, Room, late};

const PROTOCOL: &str = "raft";
const SEED: u64 = 42;
const HIGH: f64 = 182.0;
/// Where the lanes begin, and how far from the right edge now is.
const LEFT: f64 = 34.0;
const RIGHT: f64 = 12.0;
/// Microseconds a pixel.
const SCALE: f64 = 2_300.0;
/// Simulated seconds a second.
const SPEED: f64 = 0.2;
/// So much simulated time is shown before anything moves, and as the picture that stands still.
const OPENING: Time = Time(2_620_000);
/// Then the show begins again: the same seed, the same run.
const END: Time = Time(60_000_000);
/// After so much quiet the show does the next thing to its leader.
const CALM: u64 = 700_000;

/// What the show has done, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Act {
    Calm,
    CutOff(NodeId, Time),
    Crashed(NodeId, Time),
    Back(NodeId, Time),
}

/// A run that plays itself.
struct Show {
    timeline: Timeline,
    story: Story,
    act: Act,
    /// Who has led since when.
    led: Option<(NodeId, u64, Time)>,
    cuts: u32,
    now: f64,
    /// Where now is, in pixels.
    edge: f64,
}

impl Show {
    fn open() -> Option<Show> {
        let set = [
            ("election-min", "420ms"),
            ("election-max", "840ms"),
            ("heartbeat", "300ms"),
            ("clients", "0"),
            ("latency", "uniform 45ms 105ms"),
        ];
        let scenario = Scenario {
            protocol: PROTOCOL.to_owned(),
            lesson: None,
            nodes: 5,
            seed: SEED,
            set: set.iter().map(|(knob, value)| ((*knob).to_owned(), (*value).to_owned())).collect(),
        };
        let world = catalogue::build(&scenario).ok()?;
        let timeline = Timeline::new(scenario, world);
        let story = Story::default();
        let mut show = Show { timeline, story, act: Act::Calm, led: None, cuts: 0, now: 0.0, edge: 516.0 };
        show.run(OPENING.0 as f64);
        Some(show)
    }

    /// Lets time pass up to `now`; true when something happened.
    fn run(&mut self, now: f64) -> bool {
        let until = Time(now as u64);
        let before = self.timeline.len();
        while self.timeline.next_due().is_some_and(|due| due <= until) && self.timeline.step().is_some() {
            self.watch();
        }
        self.now = now;
        let happened = self.timeline.len() != before;
        if happened {
            self.story = std::mem::take(&mut self.story).follow(&self.timeline);
        }
        happened
    }

    /// Notes who leads, and meddles when all is calm.
    fn watch(&mut self) {
        let view = self.timeline.world().view();
        let leader = leader(&view);
        let known = self.led.map(|(node, term, _)| (node, term));
        let found = leader.map(|node| (node.node, node.epoch.unwrap_or_default()));
        if found.is_some() && found != known {
            self.led = found.map(|(node, term)| (node, term, view.time));
        }
        let Some((led, _, since)) = self.led else {
            return;
        };
        let calm = |from: Time| view.time.since(from).0 > CALM;
        let (action, act) = match self.act {
            Act::Calm if calm(since) && found.is_some() => self.lose(led, &view),
            Act::Back(_, at) if calm(at) && calm(since) && found.is_some() => self.lose(led, &view),
            Act::CutOff(node, _) if led != node && calm(since) => {
                (Action::HealAll, Act::Back(node, view.time))
            }
            Act::Crashed(node, _) if led != node && calm(since) => {
                (Action::Restart(node, Disk::Kept), Act::Back(node, view.time))
            }
            _ => return,
        };
        if self.timeline.act(action).is_ok() {
            self.act = act;
        }
    }

    fn lose(&mut self, leader: NodeId, view: &WorldView) -> (Action, Act) {
        self.cuts += 1;
        if self.cuts.is_multiple_of(2) {
            return (Action::Crash(leader), Act::Crashed(leader, view.time));
        }
        let rest = view.nodes.iter().map(|node| node.node).filter(|&node| node != leader).collect();
        (Action::Partition(vec![vec![leader], rest]), Act::CutOff(leader, view.time))
    }

    /// What is going on, read off the world.
    fn caption(&self) -> String {
        let world = self.timeline.world();
        let name = |node: NodeId| world.cast().name(node).to_owned();
        let leads = |lost: NodeId| match self.led {
            Some((node, term, _)) if node != lost => format!("{} wins term {term}.", name(node)),
            _ => "The others wait for a heartbeat that does not come.".to_owned(),
        };
        match (self.act, self.led) {
            (Act::Calm, None) => "Nobody leads yet. Whose timer runs out first?".to_owned(),
            (Act::Calm, Some((node, term, _))) => format!("{} leads term {term}.", name(node)),
            (Act::CutOff(node, _), _) => format!("{} is cut off. {}", name(node), leads(node)),
            (Act::Crashed(node, _), _) => format!("{} has crashed. {}", name(node), leads(node)),
            (Act::Back(node, _), Some((led, ..))) if led != node => {
                format!("{} is back and follows {}.", name(node), name(led))
            }
            (Act::Back(..), Some((led, term, _))) => format!("{} leads term {term}.", name(led)),
            (Act::Back(node, _), None) => format!("{} is back.", name(node)),
        }
    }

    fn x(&self, at: Time) -> f64 {
        self.edge - (self.now - at.0 as f64) / SCALE
    }

    fn frame(&self) -> Frame {
        let gap = (HIGH - 44.0) / self.story.names.len().saturating_sub(1).max(1) as f64;
        Frame::even(self.story.names.len(), 24.0, gap).at(0.0, SCALE)
    }

    /// What has happened, as paths in the coordinates of the whole run.
    fn strokes(&self) -> Vec<Stroke> {
        let from = Time((self.now - (self.edge + 60.0) * SCALE).max(0.0) as u64);
        let window = (from, Time(self.now as u64));
        Picture::of(&self.story.trace, &self.frame(), window, &self.story.inks()).strokes
    }

    /// What is under way and what lasts, in the picture's own coordinates.
    fn moving(&self) -> Moving {
        let frame = self.frame();
        let flights = self.timeline.world().view().flights;
        let line = |flight: &faultline_sim::FlightView| {
            let (start, goal) = (frame.y(flight.from.node), frame.y(flight.to.node));
            let share = progress(flight, self.now);
            let (x, y) = (self.x(flight.sent_at), start + (goal - start) * share);
            let ink = self.story.ink(&flight.kind);
            (hue_word(ink.hue), [x, start, x.max(self.edge.min(self.x(flight.due))), y])
        };
        let lanes = self.story.names.len();
        let span = |from: Time, until: Option<Time>| {
            let (a, b) = (self.x(from).max(LEFT), until.map_or(self.edge, |at| self.x(at)));
            (b > a).then_some((a, b - a))
        };
        let bands = self.story.trace.bands().iter().filter_map(|band| {
            let (x, wide) = span(band.from, band.until)?;
            match band.condition {
                Condition::Partition => Some(("live-cut", [x, 8.0, wide, HIGH - 12.0])),
                Condition::Down(node) => Some(("live-down", [x, frame.y(node) - 8.0, wide, 16.0])),
                _ => None,
            }
        });
        Moving {
            edge: self.edge,
            shift: self.edge - self.now / SCALE,
            flights: flights.iter().map(line).collect(),
            bands: bands.collect(),
            lanes: (0..lanes).map(|i| (self.story.names[i].clone(), frame.y(NodeId(i as u16)))).collect(),
        }
    }
}

/// The node that leads with the highest term, and is up.
fn leader(view: &WorldView) -> Option<&NodeView> {
    let leads = |node: &&NodeView| node.role == "leader" && node.status != Status::Down;
    view.nodes.iter().filter(leads).max_by_key(|node| node.epoch)
}

/// What changes from frame to frame.
#[derive(Clone, Debug, Default, PartialEq)]
struct Moving {
    edge: f64,
    shift: f64,
    flights: Vec<(&'static str, [f64; 4])>,
    bands: Vec<(&'static str, [f64; 4])>,
    lanes: Vec<(String, f64)>,
}

/// Lets so many milliseconds pass, in slow motion; true when something happened. At the end it begins anew.
fn advance(show: StoredValue<Option<Show>, LocalStorage>, milliseconds: f64) -> bool {
    // A tab that was away does not catch up.
    let micros = milliseconds.clamp(0.0, 60.0) * 1_000.0 * SPEED;
    let happened = show.try_update_value(|show| {
        let Some(running) = show else { return false };
        if running.now > END.0 as f64 {
            let edge = running.edge;
            *show = Show::open().map(|show| Show { edge, ..show });
            return true;
        }
        let now = running.now + micros;
        running.run(now)
    });
    happened.unwrap_or(false)
}

/// The running panel, and its place until it runs.
#[component]
pub fn Live() -> impl IntoView {
    let fetch = || -> Coming {
        Box::pin(async {
            catalogue::fetch(PROTOCOL).await.map_err(|error| error.to_string())?;
            let room: Room = Rc::new(running);
            Ok(room)
        })
    };
    view! { <div class="live-place">{late("The running system", fetch)}</div> }
}

fn running() -> AnyView {
    let show = StoredValue::new_local(Show::open());
    let moving = RwSignal::new(Moving::default());
    let strokes = RwSignal::new(Vec::<Stroke>::new());
    let caption = RwSignal::new(String::new());
    let draw = move |anew: bool| {
        show.with_value(|show| {
            let Some(show) = show else { return };
            moving.set(show.moving());
            if anew {
                strokes.set(show.strokes());
                let says = show.caption();
                if caption.with_untracked(|said| *said != says) {
                    caption.set(says);
                }
            }
        });
    };
    draw(true);
    let picture = NodeRef::<Div>::new();
    let width = use_element_size(picture).width;
    Effect::new(move |_| {
        let edge = (width.get() - RIGHT).max(LEFT + 40.0);
        if width.get() > 0.0 {
            show.update_value(|show| {
                if let Some(show) = show {
                    show.edge = edge;
                }
            });
            draw(true);
        }
    });
    let advance = move |frame: UseRafFnCallbackArgs| draw(advance(show, frame.delta));
    let calm = use_media_query("(prefers-reduced-motion: reduce)").get_untracked();
    let frames = use_raf_fn(advance);
    let (pause, resume, is_active) = (frames.pause, frames.resume, frames.is_active);
    if calm {
        pause();
    }
    let toggle = move |_| {
        if is_active.get_untracked() {
            pause();
        } else {
            resume();
        }
    };

    let edge = move || moving.with(|moving| moving.edge);
    view! {
        <figure class="live">
            <div class="live-picture spacetime-ink" node_ref=picture>
                <svg height=HIGH role="img" aria-label="Five Raft servers choose a leader, lose it, and choose another">
                    <defs>
                        <clipPath id="live-clip"><rect x=LEFT y="0" width=move || edge() + 6.0 - LEFT height=HIGH/></clipPath>
                    </defs>
                    <Lanes moving strokes/>
                </svg>
            </div>
            <figcaption>
                <span class="live-sentence">{caption}</span>
                <span class="live-state">
                    {move || if is_active.get() { "running now" } else { "held" }} {format!(" · seed {SEED} · ")}
                    <button type="button" on:click=toggle>{move || if is_active.get() { "Pause" } else { "Run" }}</button>
                </span>
            </figcaption>
        </figure>
    }
    .into_any()
}

/// The lanes stand still; what has happened moves with them; the rest is drawn anew.
#[component]
fn Lanes(moving: RwSignal<Moving>, strokes: RwSignal<Vec<Stroke>>) -> impl IntoView {
    let edge = move || moving.with(|moving| moving.edge);
    let lane = |(name, y): (String, f64)| {
        view! {
            <text class="live-name" x="4" y=y + 4.5>{name}</text>
            <line class="live-lane" x1=LEFT x2=edge y1=y y2=y/>
        }
    };
    let lanes = moving.get_untracked().lanes.into_iter().map(lane).collect_view();
    let bands = move || {
        let band = |(class, [x, y, wide, high]): (&'static str, [f64; 4])| {
            view! { <rect class=class x=x y=y width=wide height=high/> }
        };
        moving.with(|moving| moving.bands.clone()).into_iter().map(band).collect_view()
    };
    let flights = move || {
        let flight = |(hue, [x, y, to, at]): (&'static str, [f64; 4])| {
            view! { <line class="way flying" data-hue=hue x1=x y1=y x2=to y2=at/> }
        };
        moving.with(|moving| moving.flights.clone()).into_iter().map(flight).collect_view()
    };
    let past = move || {
        let stroke = |stroke: Stroke| {
            view! { <path class=stroke.part.class() data-hue=hue_word(stroke.hue) d=stroke.path/> }
        };
        strokes.get().into_iter().map(stroke).collect_view()
    };
    let shift = move || format!("translate({:.2} 0)", moving.with(|moving| moving.shift));
    view! {
        <g clip-path="url(#live-clip)">{bands}</g>
        {lanes}
        <g clip-path="url(#live-clip)">{flights}<g transform=shift>{past}</g></g>
        <line class="live-now" x1=edge x2=edge y1="10" y2=HIGH - 6.0/>
    }
}
