//! The spanned tree: what a YAML or JSON file says, with the place of every key and value.
//!
//! Scalars keep their source text and are typed by the field they land in, so `no`, `1.20` and `010` are never guessed at.

use std::cmp::Ordering;
pub use windtunnel_words::place::{Source, Span};

/// What was read, with its place; the place of what holds it where it is a default.
#[derive(Clone, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
    /// It was written, and is not a default.
    pub given: bool,
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it stands. A value that was computed (an ARM expression) stands where its expression does.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`, `~` or nothing at all.
    Null,
    /// A scalar, as it is written.
    Scalar(Scalar),
    /// A list.
    Seq(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<(Key, Node)>),
}

/// A scalar: its text, and whether it was in quotes (a quoted `"2"` is a string that ARM accepts as a number).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, with quotes and escapes resolved.
    pub text: String,
    /// Whether it was quoted, or a block scalar.
    pub quoted: bool,
}

/// The key of an entry of a mapping.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Node {
    /// Equal in what they say, wherever they stand.
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Scalar(a), Self::Scalar(b)) => a.text == b.text,
            (Self::Seq(a), Self::Seq(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|((ka, va), (kb, vb))| ka.text == kb.text && va == vb)
            }
            _ => false,
        }
    }
}

impl Node {
    /// The entry of a mapping with this key, to the letter. `null` counts as absent.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(k, _)| k.text == key).map(|(_, v)| v).filter(|v| !v.is_null())
    }

    /// The entry of a mapping with this key, whatever its case, as ARM matches keys. `null` counts as absent.
    #[must_use]
    pub fn arm(&self, key: &str) -> Option<&Self> {
        self.arm_given(key).filter(|value| !value.is_null())
    }

    /// The same, be it `null`.
    #[must_use]
    pub fn arm_given(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(k, _)| k.text.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    }

    /// Takes an entry out of a mapping, whatever the case of its key.
    pub fn take_arm(&mut self, key: &str) -> Option<Self> {
        let Value::Map(entries) = &mut self.value else { return None };
        let at = entries.iter().position(|(k, _)| k.text.eq_ignore_ascii_case(key))?;
        Some(entries.remove(at).1)
    }

    /// The node at the end of a path of keys, each matched whatever its case.
    #[must_use]
    pub fn arm_path(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.arm(key))
    }

    /// The entries of a mapping; none where this is something else.
    #[must_use]
    pub fn entries(&self) -> &[(Key, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none where this is something else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::Seq(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// An entry of a mapping with its key; `null` counts.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<(&Key, &Self)> {
        self.entries().iter().find(|(k, _)| k.text == key).map(|(k, v)| (k, v))
    }

    /// The value of the key `name`, which names a resource, a probe, an extension; keys match whatever their case.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.arm("name").and_then(Self::text)
    }

    /// Where a message about the whole thing points: at its name, or at all of it where it has none.
    #[must_use]
    pub fn name_span(&self) -> &Span {
        &self.arm("name").unwrap_or(self).span
    }

    /// Whether it is the thing of this name, whatever the case, as ARM matches names.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name().is_some_and(|own| own.eq_ignore_ascii_case(name))
    }

    /// What kind of thing this is, for messages.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a single value",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// A scalar that is at `span`.
    #[must_use]
    pub fn scalar(span: &Span, text: impl Into<String>) -> Self {
        Self { span: span.clone(), value: Value::Scalar(Scalar { text: text.into(), quoted: false }) }
    }

    /// A text in quotes that is at `span`.
    #[must_use]
    pub fn quoted(span: &Span, text: impl Into<String>) -> Self {
        Self { span: span.clone(), value: Value::Scalar(Scalar { text: text.into(), quoted: true }) }
    }

    /// The same with the keys of every mapping in one order, whatever that of the file: by name, numbers in names by their
    /// value. What is counted or drawn by place is so by name.
    #[must_use]
    pub fn sorted(&self) -> Self {
        let value = match &self.value {
            Value::Map(entries) => {
                let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key.clone(), value.sorted())).collect();
                entries.sort_by(|(a, _), (b, _)| by_name(&a.text, &b.text));
                Value::Map(entries)
            }
            Value::Seq(items) => Value::Seq(items.iter().map(Self::sorted).collect()),
            other => other.clone(),
        };
        Self { span: self.span.clone(), value }
    }

    /// The tree as plain JSON. A scalar becomes a number or a boolean only where the text survives the way back.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Scalar(scalar) if scalar.quoted => scalar.text.clone().into(),
            Value::Scalar(scalar) => match serde_json::from_str::<serde_json::Value>(&scalar.text) {
                Ok(value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_)))
                    if serde_json::to_string(&value).is_ok_and(|text| text == scalar.text) =>
                {
                    value
                }
                _ => scalar.text.clone().into(),
            },
            Value::Seq(items) => items.iter().map(Self::to_json).collect(),
            Value::Map(entries) => entries.iter().map(|(k, v)| (k.text.clone(), v.to_json())).collect(),
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }
}

/// The order of two names: `1.9.0` comes before `1.10.0`.
#[must_use]
pub fn by_name(a: &str, b: &str) -> Ordering {
    let digits = |text: &str| text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (mut left, mut right) = (a, b);
    loop {
        let (m, n) = (digits(left), digits(right));
        let order = if m > 0 && n > 0 {
            let (x, y) = (left[..m].trim_start_matches('0'), right[..n].trim_start_matches('0'));
            (left, right) = (&left[m..], &right[n..]);
            x.len().cmp(&y.len()).then_with(|| x.cmp(y))
        } else {
            let (x, y) = (left.chars().next(), right.chars().next());
            left = &left[x.map_or(0, char::len_utf8)..];
            right = &right[y.map_or(0, char::len_utf8)..];
            if x.is_none() && y.is_none() {
                return a.cmp(b);
            }
            x.cmp(&y)
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_as_people_count() {
        let mut names = ["vm10", "vm9", "1.10.0", "1.9.0", "a", "", "vm09", "A", "vm", "1.9.0-b"];
        names.sort_by(|a, b| by_name(a, b));
        assert_eq!(names, ["", "1.9.0", "1.9.0-b", "1.10.0", "A", "a", "vm", "vm09", "vm9", "vm10"]);
    }
}
