//! As much of JSON Schema (draft 2020-12) as our schemas use; a word that is not known here is an error, so
//! that nothing is accepted because it was overlooked.

use serde_json::{Map, Value};

/// Whether `value` is what `schema` describes; else why not.
pub fn judge(schema: &Value, value: &Value) -> Result<(), String> {
    Judge { root: schema }.check(schema, value)
}

struct Judge<'a> {
    root: &'a Value,
}

impl Judge<'_> {
    fn check(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let rules = match schema {
            Value::Bool(true) => return Ok(()),
            Value::Bool(false) => return Err(format!("nothing may stand here, and here stands {value}")),
            Value::Object(rules) => rules,
            other => panic!("no schema: {other}"),
        };
        rules.iter().try_for_each(|(word, rule)| self.obey(rules, word, rule, value))
    }

    fn obey(
        &self,
        rules: &Map<String, Value>,
        word: &str,
        rule: &Value,
        value: &Value,
    ) -> Result<(), String> {
        let fits =
            |is: bool, what: &str| if is { Ok(()) } else { Err(format!("{value} is not {what} {rule}")) };
        let all = |rule: &Value| rule.as_array().cloned().unwrap_or_default();
        let length = value.as_array().map(|items| items.len() as f64);
        let bound = rule.as_f64().unwrap_or(f64::NAN);
        match word {
            "$schema" | "$defs" | "title" | "description" | "default" | "format" | "examples" => Ok(()),
            "$ref" => self.check(self.named(rule.as_str().expect("a name")), value),
            "type" => {
                let types = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                fits(types.iter().any(|one| is_a(value, one.as_str().expect("a type"))), "of type")
            }
            "const" => fits(value == rule, "just"),
            "enum" => fits(all(rule).contains(value), "one of"),
            "minimum" => fits(value.as_f64().is_none_or(|number| number >= bound), "at least"),
            "maximum" => fits(value.as_f64().is_none_or(|number| number <= bound), "at most"),
            "minItems" => fits(length.is_none_or(|length| length >= bound), "a list of at least"),
            "maxItems" => fits(length.is_none_or(|length| length <= bound), "a list of at most"),
            "minProperties" => fits(size(value).is_none_or(|size| size >= bound), "an object of at least"),
            "maxProperties" => fits(size(value).is_none_or(|size| size <= bound), "an object of at most"),
            "required" => {
                let missing =
                    all(rule).into_iter().find(|name| value.get(name.as_str().unwrap_or("")).is_none());
                match (value.is_object(), missing) {
                    (true, Some(name)) => Err(format!("{name} is missing")),
                    _ => Ok(()),
                }
            }
            "properties" => self.each(value, |name, part| match rule.get(name) {
                Some(schema) => self.check(schema, part),
                None => Ok(()),
            }),
            "additionalProperties" => self.each(value, |name, part| {
                let known = rules.get("properties").is_some_and(|known| known.get(name).is_some());
                if known { Ok(()) } else { self.check(rule, part).map_err(|why| format!("{name}: {why}")) }
            }),
            "items" => value.as_array().into_iter().flatten().try_for_each(|item| self.check(rule, item)),
            "allOf" => all(rule).iter().try_for_each(|schema| self.check(schema, value)),
            "anyOf" => fits(all(rule).iter().any(|schema| self.check(schema, value).is_ok()), "any of"),
            "oneOf" => {
                let right = all(rule).iter().filter(|schema| self.check(schema, value).is_ok()).count();
                fits(right == 1, "exactly one of")
            }
            "not" => fits(self.check(rule, value).is_err(), "other than"),
            word => panic!("the judge does not know `{word}`: teach it"),
        }
    }

    fn named(&self, name: &str) -> &Value {
        let found = name.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    fn each(&self, value: &Value, check: impl Fn(&str, &Value) -> Result<(), String>) -> Result<(), String> {
        let parts = value.as_object().into_iter().flatten();
        parts.into_iter().try_for_each(|(name, part)| check(name, part))
    }
}

fn size(value: &Value) -> Option<f64> {
    value.as_object().map(|object| object.len() as f64)
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        // YAML reads 5 as a number where a text is meant; the compiler takes it as a text.
        "string" => value.is_string() || value.is_number() || value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type {other}"),
    }
}
