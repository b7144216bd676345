//! What the writer of a whole form decided over what others saved since he began (T-GEN-07).

/// The fields of which he was shown both values. Nothing where his form was not refused, or was begun anew since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// The version whose values were shown beside his; 0 = none.
    pub seen: i32,
    fields: Vec<String>,
}

impl Decided {
    /// Reads what a form repeats of its refusal: the version and the names of the fields, commas between them.
    #[must_use]
    pub fn read(seen: i32, fields: &str) -> Self {
        let fields = fields.split(',').map(str::trim).filter(|field| !field.is_empty());
        Self { seen, fields: fields.map(str::to_owned).collect() }
    }

    /// Whether both values of a field were shown.
    #[must_use]
    pub fn covers(&self, field: &str) -> bool {
        self.fields.iter().any(|known| known == field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_gen_07_only_fields_that_were_shown_are_decided() {
        for (text, field, is_decided) in [
            ("", "body", false),
            ("", "", false),
            ("body", "body", true),
            ("body, minutes", "minutes", true),
            ("body,,", "", false),
            ("bodyminutes", "body", false),
        ] {
            assert_eq!(Decided::read(2, text).covers(field), is_decided, "{text:?} {field:?}");
        }
        assert_eq!(Decided::default(), Decided::read(0, " , "));
    }
}
