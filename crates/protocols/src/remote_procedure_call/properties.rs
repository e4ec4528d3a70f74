//! What a call promises, judged by the account's statement, which sees everything.

use faultline_model::{Evidence, Lens, OpId, OpRecord, Property, Scope, Standing, sort};

use super::{BANK, Bank, Op, RemoteProcedureCall, Ret};

type View<'l, 'w> = &'l Lens<'w, RemoteProcedureCall>;

pub(super) fn all() -> Vec<Property<RemoteProcedureCall>> {
    vec![
        Property {
            id: "exactly-once-effect",
            sentence: "No call takes effect twice, and each that has returned took effect",
            source: "Birrell and Nelson 1984, §3",
            scope: Scope::Always,
            check: exactly_once,
        },
        Property {
            id: "conservation",
            sentence: "The account holds no less than was confirmed and no more than was called for",
            source: "Birrell and Nelson 1984, §3",
            scope: Scope::Always,
            check: conservation,
        },
        Property {
            id: "answered",
            sentence: "Every call has returned or raised an exception",
            source: "Birrell and Nelson 1984, §3",
            scope: Scope::Eventually,
            check: answered,
        },
    ]
}

fn bank<'w>(lens: View<'_, 'w>) -> Option<&'w Bank> {
    match (lens.node)(BANK).0 {
        RemoteProcedureCall::Bank(bank) => Some(bank),
        _ => None,
    }
}

/// The credits that were called for, with their amounts.
fn credits<'l>(lens: View<'l, '_>) -> impl Iterator<Item = (&'l OpRecord<RemoteProcedureCall>, u64)> {
    lens.history.iter().filter_map(|record| match record.op {
        Op::Credit(amount) => Some((record, amount)),
        Op::Balance => None,
    })
}

fn confirmed(record: &OpRecord<RemoteProcedureCall>) -> bool {
    matches!(record.returned, Some((Ret::Balance(_), _)))
}

/// K15.
fn exactly_once(lens: View<'_, '_>) -> Standing {
    let Some(bank) = bank(lens) else {
        return Ok(());
    };
    let mut calls: Vec<OpId> = bank.statement.iter().map(|entry| entry.call).collect();
    sort(&mut calls);
    let up_to = |id: u32| calls.partition_point(|call| call.0 <= id);
    for (record, _) in credits(lens) {
        let times = up_to(record.id.0) - up_to(record.id.0 - 1);
        if times == 1 || times == 0 && !confirmed(record) {
            continue;
        }
        let how = match times {
            0 => "has returned without any effect".to_owned(),
            times => format!("took effect {times} times"),
        };
        let why = format!("{}'s `{}`, call {}, {how}", lens.name(record.client), record.op, record.id.0);
        return Err(Evidence { why, nodes: vec![record.client, BANK] });
    }
    Ok(())
}

/// K12, of money.
fn conservation(lens: View<'_, '_>) -> Standing {
    let Some(bank) = bank(lens) else {
        return Ok(());
    };
    let asked: u64 = credits(lens).map(|(_, amount)| amount).sum();
    let sure: u64 = credits(lens).filter(|(record, _)| confirmed(record)).map(|(_, amount)| amount).sum();
    if (sure..=asked).contains(&bank.balance) {
        return Ok(());
    }
    let why = format!(
        "the account holds {}, but calls were made for {asked}, of which {sure} are confirmed",
        bank.balance
    );
    Err(Evidence { why, nodes: vec![BANK] })
}

fn answered(lens: View<'_, '_>) -> Standing {
    match lens.history.iter().find(|record| record.returned.is_none()) {
        None => Ok(()),
        Some(record) => {
            let why = format!("{} waits for `{}`", lens.name(record.client), record.op);
            Err(Evidence { why, nodes: vec![record.client] })
        }
    }
}
