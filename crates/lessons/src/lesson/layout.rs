//! How the stage arranges the nodes: data that a lesson names, a learner chooses and a page remembers.

use faultline_model::{Cast, SortedSet};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How nodes are arranged. Those with parameters also stand for their usual arrangement when the
/// list is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "author", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Servers side by side, their clients outside.
    Pair,
    /// Servers on a circle, clients outside it.
    #[default]
    Ring,
    /// Servers one after the other, the first at the head.
    Chain,
    /// The first server in the middle, the others around it.
    Star,
    /// Servers in rows and columns.
    Grid,
    /// Servers on a circle, each at the place to which its name hashes: a new one moves no other.
    HashRing,
    /// Nodes that talk to each other stand close: a graph drawn by its forces.
    Overlay,
    /// Rows of nodes by name, top to bottom: `{tiers: [[C1], [S1, S2]]}`. Without rows, clients stand
    /// above servers.
    Tiers(Vec<Vec<String>>),
    /// Regions with their nodes: `{regions: [{name: Europe, nodes: [S1, S2]}]}`. Without regions,
    /// servers are dealt to three.
    Regions(Vec<Region>),
    /// Every node at a place of its own: `{free: [{node: S1, x: 500, y: 100}]}`. Nodes that are not
    /// named stand on the ring.
    Free(Vec<Spot>),
}

/// A part of the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "author", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// What it is called: "Europe".
    pub name: String,
    /// The nodes in it, by name.
    pub nodes: Vec<String>,
    /// Its place on the map, `[x, y]` in per cent from the left and from the top. Only which region is
    /// farther west or north counts. Without it, regions stand in the order in which they are named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<[u8; 2]>,
}

/// A node's own place on the stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "author", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Spot {
    /// The node's name.
    pub node: String,
    /// How far from the left edge, in thousandths of the width.
    pub x: u16,
    /// How far from the top, in thousandths of the height.
    pub y: u16,
}

/// What is wrong with a layout's parameters, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LayoutError {
    /// No node has that name.
    #[error("`layout` speaks of `{name}`, and there is no such node: the nodes are {nodes}")]
    Unknown {
        /// The name.
        name: String,
        /// The first of those that exist.
        nodes: String,
    },
    /// A node would stand in two places.
    #[error("`layout` puts `{0}` in two places: name every node once")]
    Twice(String),
    /// A server would stand nowhere.
    #[error("`layout` has no place for `{0}`: name every server in a tier or region")]
    Nowhere(String),
    /// A tier or region without nodes.
    #[error("`layout` has an empty {0}: name at least one node in it, or leave it out")]
    Empty(&'static str),
    /// A place outside the stage.
    #[error("`layout` puts `{0}` outside the stage: {1}")]
    Outside(String, &'static str),
}

/// Beyond so many names an error lists no more.
const NAMED: usize = 8;

impl Layout {
    /// Every kind of layout with its usual parameters, in the order in which they are offered.
    pub fn all() -> [Layout; 10] {
        [
            Layout::Pair,
            Layout::Ring,
            Layout::Chain,
            Layout::Star,
            Layout::Grid,
            Layout::Tiers(vec![]),
            Layout::Regions(vec![]),
            Layout::HashRing,
            Layout::Overlay,
            Layout::Free(vec![]),
        ]
    }

    /// Its name in addresses and choosers: "hash-ring".
    pub fn word(&self) -> &'static str {
        match self {
            Layout::Pair => "pair",
            Layout::Ring => "ring",
            Layout::Chain => "chain",
            Layout::Star => "star",
            Layout::Grid => "grid",
            Layout::HashRing => "hash-ring",
            Layout::Overlay => "overlay",
            Layout::Tiers(_) => "tiers",
            Layout::Regions(_) => "regions",
            Layout::Free(_) => "free",
        }
    }

    /// What people call it.
    pub fn label(&self) -> &'static str {
        match self {
            Layout::Pair => "Pair",
            Layout::Ring => "Ring",
            Layout::Chain => "Chain",
            Layout::Star => "Star",
            Layout::Grid => "Grid",
            Layout::HashRing => "Hash ring",
            Layout::Overlay => "Overlay graph",
            Layout::Tiers(_) => "Tiers",
            Layout::Regions(_) => "Regions",
            Layout::Free(_) => "Free",
        }
    }

    /// The layout of that [`Layout::word`] with its usual parameters.
    pub fn named(word: &str) -> Option<Layout> {
        Layout::all().into_iter().find(|layout| layout.word() == word)
    }

    /// Whether its parameters fit the nodes that there are.
    ///
    /// # Errors
    ///
    /// The first name that is unknown, doubled or missing, the first empty group, the first place
    /// outside the stage.
    pub fn check(&self, cast: &Cast) -> Result<(), LayoutError> {
        let (names, whole): (Vec<&String>, bool) = match self {
            Layout::Tiers(tiers) => {
                if tiers.iter().any(Vec::is_empty) {
                    return Err(LayoutError::Empty("tier"));
                }
                (tiers.iter().flatten().collect(), !tiers.is_empty())
            }
            Layout::Regions(regions) => {
                regions.iter().try_for_each(Region::check)?;
                (regions.iter().flat_map(|region| &region.nodes).collect(), !regions.is_empty())
            }
            Layout::Free(spots) => {
                if let Some(spot) = spots.iter().find(|spot| spot.x > 1_000 || spot.y > 1_000) {
                    return Err(LayoutError::Outside(spot.node.clone(), "x and y lie between 0 and 1000"));
                }
                (spots.iter().map(|spot| &spot.node).collect(), false)
            }
            _ => (vec![], false),
        };
        let mut seen = SortedSet::new();
        for name in names {
            if cast.find(name).is_none() {
                let nodes: Vec<&str> = cast.iter().take(NAMED).map(|(_, member)| &*member.name).collect();
                let more = if cast.len() > NAMED { ", …" } else { "" };
                return Err(LayoutError::Unknown {
                    name: name.clone(),
                    nodes: format!("{}{more}", nodes.join(", ")),
                });
            }
            if !seen.insert(name.as_str()) {
                return Err(LayoutError::Twice(name.clone()));
            }
        }
        let missing =
            cast.of_kind(faultline_model::Kind::Server).find(|&node| !seen.contains(cast.name(node)));
        match missing {
            Some(node) if whole => Err(LayoutError::Nowhere(cast.name(node).to_owned())),
            _ => Ok(()),
        }
    }
}

impl Region {
    fn check(&self) -> Result<(), LayoutError> {
        if self.nodes.is_empty() {
            return Err(LayoutError::Empty("region"));
        }
        match self.at {
            Some([x, y]) if x > 100 || y > 100 => {
                Err(LayoutError::Outside(self.name.clone(), "`at` is [x, y] in per cent, each from 0 to 100"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(name: &str, nodes: &[&str], at: Option<[u8; 2]>) -> Region {
        Region { name: name.to_owned(), nodes: nodes.iter().map(|&node| node.to_owned()).collect(), at }
    }

    fn tiers(rows: &[&[&str]]) -> Layout {
        Layout::Tiers(rows.iter().map(|row| row.iter().map(|&name| name.to_owned()).collect()).collect())
    }

    #[test]
    fn every_layout_is_found_by_its_word_and_fits_any_cast() {
        let cast = Cast::servers_and_clients(3, 1);
        for layout in Layout::all() {
            assert_eq!(Layout::named(layout.word()), Some(layout.clone()));
            assert_eq!(layout.check(&cast), Ok(()));
            let json = serde_json::to_string(&layout).unwrap();
            assert_eq!(serde_json::from_str::<Layout>(&json).unwrap(), layout);
        }
        assert_eq!(serde_json::to_string(&Layout::HashRing).unwrap(), "\"hash-ring\"");
        assert_eq!(Layout::named("circle"), None);
    }

    #[test]
    fn what_is_wrong_with_parameters_is_said() {
        let cast = Cast::servers_and_clients(3, 1);
        assert_eq!(tiers(&[&["C1"], &["S1", "S2", "S3"]]).check(&cast), Ok(()));
        assert_eq!(tiers(&[&["S1", "S2", "S3"]]).check(&cast), Ok(()), "clients may be left out");
        for (layout, words) in [
            (tiers(&[&["S1", "S2"]]), "no place for `S3`"),
            (tiers(&[&["S1", "S2", "S3"], &["S1"]]), "`S1` in two places"),
            (tiers(&[&["S1", "S9"]]), "no such node: the nodes are S1, S2, S3, C1"),
            (tiers(&[&["S1", "S2", "S3"], &[]]), "empty tier"),
            (Layout::Regions(vec![region("Asia", &[], None)]), "empty region"),
            (Layout::Regions(vec![region("Asia", &["S1", "S2", "S3"], Some([3, 101]))]), "per cent"),
            (Layout::Free(vec![Spot { node: "S1".into(), x: 0, y: 1_001 }]), "between 0 and 1000"),
        ] {
            let error = layout.check(&cast).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
