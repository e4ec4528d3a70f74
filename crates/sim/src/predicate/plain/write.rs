//! Goals in the form in which they are written.

use super::{Plain, PlainField, PlainFlight, PlainOperation, PlainWithin, Scalar};
use crate::{Amount, Compare, Predicate};

impl From<Predicate> for Plain {
    fn from(predicate: Predicate) -> Plain {
        let mut plain = Plain::default();
        match predicate {
            Predicate::Role { role, amount } => {
                plain.role = Some(role);
                plain.count_as(amount);
            }
            Predicate::Field { node, path, compare, value } => {
                plain.field = Some(PlainField::write(node, path, compare, value));
            }
            Predicate::Violated(id) => plain.violated = Some(id),
            Predicate::Holds(id) => plain.holds = Some(id),
            Predicate::Operation { process, call, result, amount } => {
                plain.operation = Some(PlainOperation { process, call, result });
                plain.count_as(amount);
            }
            Predicate::Fault { verb, amount } => {
                plain.fault = Some(verb);
                plain.count_as(amount);
            }
            Predicate::InFlight { from, to, kind } => {
                plain.in_flight = Some(PlainFlight { from, to, kind });
            }
            Predicate::Quiet => plain.quiet = Some(true),
            Predicate::Before(time) => plain.before = Some(time.to_string()),
            Predicate::After(time) => plain.after = Some(time.to_string()),
            Predicate::Within { events, faults } => {
                plain.within = Some(PlainWithin { events, faults });
            }
            Predicate::All(parts) => plain.all = Some(parts),
            Predicate::Any(parts) => plain.any = Some(parts),
            Predicate::Not(part) => plain.not = Some(part),
            Predicate::Then(parts) => plain.then = Some(parts),
        }
        plain
    }
}

impl Plain {
    fn count_as(&mut self, amount: Amount) {
        match amount {
            Amount::SOME => {}
            Amount { least, most: Some(most) } if least == most => self.count = Some(least),
            Amount { least, most } => {
                self.at_least = Some(least);
                self.at_most = most;
            }
        }
    }
}

impl PlainField {
    fn write(node: String, path: String, compare: Compare, value: String) -> PlainField {
        let mut field = PlainField { node, path, ..PlainField::default() };
        let place = match compare {
            Compare::Is => &mut field.is,
            Compare::IsNot => &mut field.is_not,
            Compare::Less => &mut field.less_than,
            Compare::AtMost => &mut field.at_most,
            Compare::More => &mut field.more_than,
            Compare::AtLeast => &mut field.at_least,
        };
        *place = Some(Scalar::Text(value));
        field
    }
}
