//! What a page promises: in time, right, private, and at all.

use faultline_model::{Evidence, Lens, NodeId, OpRecord, Property, Scope, Standing};

use super::{GATEWAY, LIKES, ONLOOKER, Op, RequestChain, Ret};

type View<'l, 'w> = &'l Lens<'w, RequestChain>;

/// Of so many pages one may be late.
const ONE_IN: usize = 100;

pub(super) fn all() -> Vec<Property<RequestChain>> {
    let property = |id, sentence, scope, check| Property {
        id,
        sentence,
        source: "Rotem-Gal-Oz: Fallacies of Distributed Computing Explained",
        scope,
        check,
    };
    vec![
        property("service-level", "99 of 100 pages come within the objective", Scope::Always, service_level),
        property("no-error", "No page is an error", Scope::Always, no_error),
        property(
            "right-pages",
            "Every page shows the number that the user service has",
            Scope::Always,
            right,
        ),
        property("token-is-secret", "Nobody on the way has read the token", Scope::Always, secret),
        property(
            "bounded-queue",
            "No more pages are under way than there is room for",
            Scope::Always,
            bounded,
        ),
        property("every-page-comes", "Nobody waits for a page", Scope::Eventually, comes),
    ]
}

fn broken(why: String, nodes: Vec<NodeId>) -> Standing {
    Err(Evidence { why, nodes })
}

fn pages<'l>(lens: View<'l, '_>) -> impl Iterator<Item = &'l OpRecord<RequestChain>> {
    lens.history.iter().filter(|record| record.op == Op::Load)
}

fn service_level(lens: View<'_, '_>) -> Standing {
    let (mut done, mut late, mut slowest) = (0, 0, None);
    for record in pages(lens) {
        let Some((_, returned)) = record.returned else {
            continue;
        };
        done += 1;
        let took = returned.since(record.invoked);
        if took > lens.params.objective {
            late += 1;
            slowest = slowest.max(Some((took, record.client)));
        }
    }
    match slowest {
        Some((took, client)) if late * ONE_IN > done => {
            broken(format!("{late} of {done} pages are late; the slowest took {took}"), vec![client])
        }
        _ => Ok(()),
    }
}

fn no_error(lens: View<'_, '_>) -> Standing {
    let error =
        |record: &&OpRecord<RequestChain>| !matches!(record.returned, None | Some((Ret::Likes(_), _)));
    match pages(lens).find(error) {
        Some(OpRecord { client, returned: Some((ret, _)), .. }) => {
            broken(format!("{} got an error: {ret}", lens.name(*client)), vec![*client])
        }
        _ => Ok(()),
    }
}

fn right(lens: View<'_, '_>) -> Standing {
    for record in pages(lens) {
        if let Some((Ret::Likes(likes), _)) = record.returned
            && likes != LIKES
        {
            let why = format!("{} shows {likes} likes; there are {LIKES}", lens.name(record.client));
            return broken(why, vec![record.client]);
        }
    }
    Ok(())
}

fn secret(lens: View<'_, '_>) -> Standing {
    match (lens.node)(ONLOOKER).0 {
        RequestChain::Onlooker { token: Some(token) } => {
            broken(format!("the onlooker has read token {token}"), vec![ONLOOKER])
        }
        _ => Ok(()),
    }
}

/// K18.
fn bounded(lens: View<'_, '_>) -> Standing {
    match (lens.node)(GATEWAY).0 {
        RequestChain::Gateway(gateway) if gateway.pages.len() as u64 > lens.params.room => {
            let why = format!(
                "{} pages are under way; there is room for {}",
                gateway.pages.len(),
                lens.params.room
            );
            broken(why, vec![GATEWAY])
        }
        _ => Ok(()),
    }
}

fn comes(lens: View<'_, '_>) -> Standing {
    match pages(lens).find(|record| record.returned.is_none()) {
        None => Ok(()),
        Some(record) => broken(format!("{} waits for a page", lens.name(record.client)), vec![record.client]),
    }
}
