//! Operations: a line of text, and a field for every slot of its form. Each follows the other.

use faultline_model::OpForm;

use crate::faults::fields::{Field, Values, When};

/// The slots that a form of operation can have: as its template writes them, as a key, as a label.
const SLOTS: [(&str, &str, &str); 3] =
    [("{key}", "key", "Key"), ("{old}", "old", "Value expected"), ("{value}", "value", "Value")];

/// Which form, its slots, and the whole as text.
pub fn operation_fields(forms: &[OpForm]) -> Vec<Field> {
    let first = forms.first();
    let (template, example) = first.map_or(("", ""), |form| (form.template, form.example.as_str()));
    let mut start = Values::default();
    slots_of(template, example, &mut start);
    let options: Vec<(&str, &str)> = forms.iter().map(|form| (form.template, form.name)).collect();
    let which = Field::choice("form", "Kind", &options, template);
    let mut fields = vec![which.only(if forms.len() > 1 { When::Always } else { When::Never })];
    for (slot, key, label) in SLOTS {
        fields.push(Field::text(key, label, start.get(key)).only(When::Has("form", slot)));
    }
    fields.push(Field::text("text", "Operation", example));
    fields
}

/// After a change of the field `changed`: another form brings its example, a slot changes the text, and
/// the text, where it still fits its form, the slots.
pub fn keep_in_step(forms: &[OpForm], values: &mut Values, changed: &str) {
    let template = values.get("form").to_owned();
    match changed {
        "form" => {
            let Some(form) = forms.iter().find(|form| form.template == template) else { return };
            values.set("text", form.example.clone());
            slots_of(&template, &form.example, values);
        }
        "text" => {
            let text = values.get("text").to_owned();
            slots_of(&template, &text, values);
        }
        _ => {
            let fill = |text: String, (slot, key, _): (&str, &str, &str)| text.replace(slot, values.get(key));
            let text = SLOTS.into_iter().fold(template, fill);
            values.set("text", text);
        }
    }
}

/// Puts into `values` what stands in `text` where the template has slots; nothing if it does not fit.
fn slots_of(template: &str, text: &str, values: &mut Values) {
    let (mut form, mut rest, mut found) = (template, text, vec![]);
    while let Some(open) = form.find('{') {
        let Some(after) = rest.strip_prefix(&form[..open]) else { return };
        let Some(close) = form[open..].find('}').map(|end| open + end + 1) else { return };
        let slot = &form[open..close];
        form = &form[close..];
        let until = form.split('{').next().unwrap_or_default();
        let end = if until.is_empty() { Some(after.len()) } else { after.find(until) };
        let Some(end) = end else { return };
        found.push((slot, &after[..end]));
        rest = &after[end..];
    }
    if rest != form {
        return;
    }
    for (slot, key, _) in SLOTS {
        if let Some((_, value)) = found.iter().find(|(name, _)| *name == slot) {
            values.set(key, (*value).to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms() -> Vec<OpForm> {
        let form = |name, example: &str, template| OpForm { name, example: example.to_owned(), template };
        vec![
            form("Write", "write x=1", "write {key}={value}"),
            form("Compare and set", "cas x 1 2", "cas {key} {old} {value}"),
            form("Lock", "lock", "lock"),
        ]
    }

    #[test]
    fn text_and_slots_follow_each_other() {
        let forms = forms();
        let mut values = Values::of(&operation_fields(&forms));
        assert_eq!((values.get("key"), values.get("value"), values.get("text")), ("x", "1", "write x=1"));
        values.set("value", "red".to_owned());
        keep_in_step(&forms, &mut values, "value");
        assert_eq!(values.get("text"), "write x=red");
        values.set("text", "write ab=c=d".to_owned());
        keep_in_step(&forms, &mut values, "text");
        assert_eq!((values.get("key"), values.get("value")), ("ab", "c=d"));
        values.set("text", "frobnicate".to_owned());
        keep_in_step(&forms, &mut values, "text");
        assert_eq!((values.get("text"), values.get("key")), ("frobnicate", "ab"));
    }

    #[test]
    fn another_form_has_its_own_slots() {
        let forms = forms();
        let fields = operation_fields(&forms);
        let mut values = Values::of(&fields);
        let shown_of = |fields: &[Field], values: &Values| {
            let shown = fields.iter().filter(|field| values.shows(field.when));
            shown.map(|field| field.key).collect::<Vec<_>>()
        };
        let shown = |values: &Values| shown_of(&fields, values);
        assert_eq!(shown(&values), ["form", "key", "value", "text"]);
        values.set("form", "cas {key} {old} {value}".to_owned());
        keep_in_step(&forms, &mut values, "form");
        assert_eq!((values.get("text"), values.get("old"), values.get("value")), ("cas x 1 2", "1", "2"));
        assert_eq!(shown(&values), ["form", "key", "old", "value", "text"]);
        values.set("form", "lock".to_owned());
        keep_in_step(&forms, &mut values, "form");
        assert_eq!(shown(&values), ["form", "text"]);
        let alone = operation_fields(&forms[2..]);
        assert_eq!(shown_of(&alone, &Values::of(&alone)), ["text"]);
    }
}
