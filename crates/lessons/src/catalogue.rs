//! From a slug to a running protocol. Compiled into the web app, so every protocol costs one line.

use std::sync::OnceLock;

use faultline_chunk::{Fetching, at_once, chunk};
use faultline_model::{Habitat, Kind, Knob, KnobError, Params, Protocol};
use faultline_protocols::{
    abd_register::AbdRegister, ben_or::Process, causal_broadcast::CausalBroadcast,
    clock_synchronisation::ClockSynchronisation, dynamo_versions::DynamoVersions,
    failure_detector::FailureDetector, gossip::Gossip, heartbeat_monitor::HeartbeatMonitor,
    lamport_clocks::LamportClocks, last_writer_wins::LastWriterWins, lease_lock::LeaseLock, paxos::Paxos,
    quorum_register::QuorumRegister, raft::Raft, remote_procedure_call::RemoteProcedureCall,
    request_chain::RequestChain, snapshot::Snapshot, state_machine::Replica, swim::Swim,
    two_phase_commit::TwoPhaseCommit, unreliable_link::UnreliableLink,
};
use faultline_sim::{AnyWorld, Scenario, Setup, World};
use serde::Serialize;

/// Each protocol is a chunk of the web app's program. Its name stands before it: its slug, `like_this`.
macro_rules! protocols {
    ($($chunk:ident: $protocol:ty,)*) => {
        /// Every protocol that there is.
        static PROTOCOLS: [Entry; [$(stringify!($chunk)),*].len()] =
            [$(entry::<$protocol>($chunk)),*];

        #[cfg(test)]
        static CHUNKS: &[&str] = &[$(stringify!($chunk)),*];

        $(chunk! { $chunk: fn $chunk() -> &'static Workings { const { &workings::<$protocol>() } } })*
    };
}

protocols! {
    unreliable_link: UnreliableLink,
    remote_procedure_call: RemoteProcedureCall,
    heartbeat_monitor: HeartbeatMonitor,
    request_chain: RequestChain,
    last_writer_wins: LastWriterWins,
    clock_synchronisation: ClockSynchronisation,
    lamport_clocks: LamportClocks,
    dynamo_versions: DynamoVersions,
    causal_broadcast: CausalBroadcast,
    snapshot: Snapshot,
    failure_detector: FailureDetector,
    swim: Swim,
    gossip: Gossip,
    quorum_register: QuorumRegister,
    abd_register: AbdRegister,
    lease_lock: LeaseLock,
    state_machine: Replica,
    ben_or: Process,
    paxos: Paxos,
    raft: Raft,
    two_phase_commit: TwoPhaseCommit,
}

/// A run has at most so many servers.
pub const MOST_NODES: u16 = 1_000;

type Build = fn(&Scenario, usize) -> Result<Box<dyn AnyWorld>, KnobError>;
type Fetch = fn() -> Fetching<&'static Workings>;

/// One protocol of the catalogue.
#[derive(Debug)]
pub struct Entry {
    /// The name in addresses: "raft".
    pub slug: &'static str,
    /// The name for people: "Raft". What else it says of itself comes with its chunk: see [`describe`].
    pub name: &'static str,
    fetch: Fetch,
    fetched: OnceLock<&'static Workings>,
}

/// What it takes to run a protocol and to show its forms.
#[derive(Debug)]
struct Workings {
    default_nodes: fn() -> usize,
    build: Build,
    describe: fn() -> ProtocolInfo,
}

impl Entry {
    /// How many servers it is shown with unless somebody says otherwise.
    pub fn default_nodes(&self) -> Result<usize, ScenarioError> {
        Ok((self.workings()?.default_nodes)())
    }

    /// What has been fetched; in a program in one piece that is everything.
    fn workings(&self) -> Result<&'static Workings, ScenarioError> {
        if let Some(workings) = self.fetched.get() {
            return Ok(workings);
        }
        let there = at_once((self.fetch)()).and_then(Result::ok);
        there.ok_or(ScenarioError::Unfetched(self.slug))
    }
}

/// Everything about a protocol that forms, menus and `faultline protocols` show.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProtocolInfo {
    /// Its slug.
    pub slug: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// One line: what it promises.
    pub claim: &'static str,
    /// Its primary source.
    pub source: &'static str,
    /// Its rules.
    pub rules: Vec<RuleInfo>,
    /// The servers that it is shown with.
    pub nodes: usize,
    /// Its own knobs, then those of the surroundings.
    pub knobs: Vec<KnobInfo>,
    /// What it claims.
    pub properties: Vec<PropertyInfo>,
    /// What can be asked of it.
    pub operations: Vec<OperationInfo>,
}

/// One rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleInfo {
    /// Its short name.
    pub id: &'static str,
    /// Its sentence.
    pub sentence: &'static str,
    /// Paper and section.
    pub source: &'static str,
}

/// One knob with the value that it has unless somebody sets it.
#[derive(Clone, Debug, Serialize)]
pub struct KnobInfo {
    /// Name, range and meaning.
    #[serde(flatten)]
    pub knob: Knob,
    /// Its default, as it is written.
    pub default: String,
    /// Whether it belongs to links and disks and not to the protocol.
    pub habitat: bool,
}

/// One property.
#[derive(Clone, Debug, Serialize)]
pub struct PropertyInfo {
    /// Its short name.
    pub id: &'static str,
    /// Its sentence.
    pub sentence: &'static str,
    /// Paper and section.
    pub source: &'static str,
}

/// One operation.
#[derive(Clone, Debug, Serialize)]
pub struct OperationInfo {
    /// Whether clients take it; servers otherwise.
    pub client: bool,
    /// For people: "Write".
    pub name: &'static str,
    /// A complete operation: "write x=1".
    pub example: String,
}

/// Why a scenario cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// There is no such protocol.
    #[error("there is no protocol `{name}`; there are: {known}")]
    Protocol {
        /// What was asked for.
        name: String,
        /// Those that exist.
        known: String,
    },
    /// So many servers cannot be.
    #[error("{0} servers cannot be simulated: write a number from 1 to {MOST_NODES}")]
    Nodes(u16),
    /// [`fetch`] has not been called, or has failed.
    #[error("the protocol `{0}` could not be fetched: see whether the network answers, and try again")]
    Unfetched(&'static str),
    /// A knob does not exist or does not take that value.
    #[error(transparent)]
    Knob(#[from] KnobError),
}

/// All protocols, in the order in which the course meets them.
pub fn protocols() -> &'static [Entry] {
    &PROTOCOLS
}

/// The protocol of that slug.
pub fn find(slug: &str) -> Result<&'static Entry, ScenarioError> {
    PROTOCOLS.iter().find(|entry| entry.slug == slug).ok_or_else(|| {
        let known: Vec<_> = PROTOCOLS.iter().map(|entry| entry.slug).collect();
        // What was asked for may come from a link: it is shown, but not all of it.
        ScenarioError::Protocol { name: slug.chars().take(60).collect(), known: known.join(", ") }
    })
}

/// Fetches what running the protocol of that slug takes. Where the program comes in chunks, nothing
/// else here can be had of a protocol before, except what it says of itself.
pub async fn fetch(slug: &str) -> Result<(), ScenarioError> {
    let entry = find(slug)?;
    if entry.fetched.get().is_none() {
        let workings = (entry.fetch)().await.map_err(|_| ScenarioError::Unfetched(entry.slug))?;
        entry.fetched.get_or_init(|| workings);
    }
    Ok(())
}

/// The world of a scenario at its start; 0 servers are the protocol's usual number.
pub fn build(scenario: &Scenario) -> Result<Box<dyn AnyWorld>, ScenarioError> {
    let workings = find(&scenario.protocol)?.workings()?;
    if scenario.nodes > MOST_NODES {
        return Err(ScenarioError::Nodes(scenario.nodes));
    }
    let nodes = if scenario.nodes == 0 { (workings.default_nodes)() } else { usize::from(scenario.nodes) };
    Ok((workings.build)(scenario, nodes)?)
}

/// What the protocol of that slug says of itself.
pub fn describe(slug: &str) -> Result<ProtocolInfo, ScenarioError> {
    Ok((find(slug)?.workings()?.describe)())
}

const fn entry<P: Protocol>(fetch: Fetch) -> Entry {
    Entry { slug: P::ABOUT.slug, name: P::ABOUT.name, fetch, fetched: OnceLock::new() }
}

const fn workings<P: Protocol>() -> Workings {
    Workings { default_nodes: P::default_nodes, build: build_world::<P>, describe: info::<P> }
}

fn build_world<P: Protocol>(scenario: &Scenario, nodes: usize) -> Result<Box<dyn AnyWorld>, KnobError> {
    let (mut params, mut habitat) = (P::Params::default(), P::habitat());
    for (knob, value) in &scenario.set {
        match params.set(knob, value) {
            Err(KnobError::Unknown { name, known }) => match habitat.set(knob, value) {
                Err(KnobError::Unknown { known: also, .. }) => {
                    let known = if known.is_empty() { also } else { format!("{known}, {also}") };
                    return Err(KnobError::Unknown { name: name.chars().take(60).collect(), known });
                }
                other => other?,
            },
            other => other?,
        }
    }
    let cast = P::cast(&params, nodes);
    Ok(Box::new(World::new(Setup::<P> { cast, params, habitat, seed: scenario.seed })))
}

fn info<P: Protocol>() -> ProtocolInfo {
    let (params, habitat) = (P::Params::default(), P::habitat());
    let knob = |knob: &Knob, default: Option<String>, habitat| KnobInfo {
        knob: *knob,
        default: default.unwrap_or_default(),
        habitat,
    };
    let own = P::Params::knobs().iter().map(|k| knob(k, params.get(k.name), false));
    let around = Habitat::knobs().iter().map(|k| knob(k, habitat.get(k.name), true));
    let operations = |kind| {
        P::operations(kind).into_iter().map(move |form| OperationInfo {
            client: kind == Kind::Client,
            name: form.name,
            example: form.example,
        })
    };
    let about = &P::ABOUT;
    ProtocolInfo {
        slug: about.slug,
        name: about.name,
        claim: about.claim,
        source: about.source,
        rules: about
            .rules
            .iter()
            .map(|rule| RuleInfo { id: rule.id, sentence: rule.sentence, source: rule.source })
            .collect(),
        nodes: P::default_nodes(),
        knobs: own.chain(around).collect(),
        properties: P::properties()
            .iter()
            .map(|p| PropertyInfo { id: p.id, sentence: p.sentence, source: p.source })
            .collect(),
        operations: operations(Kind::Server).chain(operations(Kind::Client)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(protocol: &str, nodes: u16, set: &[(&str, &str)]) -> Scenario {
        Scenario {
            protocol: protocol.to_owned(),
            lesson: None,
            nodes,
            seed: 1,
            set: set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        }
    }

    #[test]
    fn slugs_are_unique_and_every_protocol_starts_with_its_defaults() {
        for (i, entry) in protocols().iter().enumerate() {
            let slug = entry.slug;
            assert!(protocols()[..i].iter().all(|other| other.slug != slug), "{slug} twice");
            let nodes = describe(slug).unwrap().nodes as u16;
            let world = build(&scenario(slug, nodes, &[])).unwrap();
            assert_eq!(world.about().slug, slug);
            assert!(world.cast().len() >= usize::from(nodes));
        }
    }

    #[test]
    fn a_chunk_has_the_slug_of_its_protocol() {
        // A page has the browser fetch its protocol ahead, of which it knows the slug.
        let slugs: Vec<String> = protocols().iter().map(|entry| entry.slug.replace('-', "_")).collect();
        assert_eq!(CHUNKS, slugs);
    }

    #[test]
    fn every_knob_takes_its_own_default() {
        for entry in protocols() {
            let info = describe(entry.slug).unwrap();
            for knob in &info.knobs {
                let set = [(knob.knob.name, knob.default.as_str())];
                build(&scenario(info.slug, info.nodes as u16, &set)).unwrap();
            }
        }
    }

    #[test]
    fn errors_list_what_there_is() {
        let error = |s| build(&s).err().unwrap().to_string();
        assert!(error(scenario("raftt", 5, &[])).contains("unreliable-link"));
        assert!(error(scenario("raft", 1_001, &[])).contains("1 to 1000"));
        let unknown = error(scenario("raft", 5, &[("electionmin", "1ms")]));
        assert!(unknown.contains("election-min") && unknown.contains("latency"), "{unknown}");
        assert!(error(scenario("raft", 5, &[("latency", "gauss 5ms")])).contains("constant 5ms"));
    }
}
