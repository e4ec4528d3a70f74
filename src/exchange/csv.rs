//! Comma-separated values as RFC 4180 has them.

/// One line: its fields, quoted where they need it, and CRLF.
pub fn line<T: AsRef<str>>(out: &mut String, fields: &[T]) {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        let field = field.as_ref();
        if field.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_only_where_they_must_be() {
        let mut out = String::new();
        line(&mut out, &["a", "b c", "d,e", "say \"f\"", "g\nh", ""]);
        line::<&str>(&mut out, &[]);
        assert_eq!(out, "a,b c,\"d,e\",\"say \"\"f\"\"\",\"g\nh\",\r\n\r\n");
    }
}
