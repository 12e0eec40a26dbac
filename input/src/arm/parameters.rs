//! The values that a user gives the parameters of a template: a parameters file, and `--set`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::expression::Journal;
use super::say::{say_with_help, shorten};
use crate::json::{self, Dialect};
use crate::problem::Problems;
use crate::problem::did_you_mean;
use crate::tree::{Node, Scalar, Source, Value};

/// The values by name in lower case: what is set goes before what the file says.
pub(super) fn given(
    template: &Node,
    file: Option<&Node>,
    set: &[(String, Node)],
    problems: &mut Problems,
) -> BTreeMap<String, Node> {
    let mut values = BTreeMap::new();
    let declared = template.arm("parameters").map_or(&[][..], Node::entries);
    let declaration = |name: &str| declared.iter().find(|(key, _)| key.text.eq_ignore_ascii_case(name));
    for (key, entry) in file.map(|file| file.arm("parameters").unwrap_or(file)).map_or(&[][..], Node::entries) {
        if key.text.starts_with('$') || key.text.eq_ignore_ascii_case("contentVersion") {
            continue;
        }
        let Some((_, declaration)) = declaration(&key.text) else {
            let message = format!("the template declares no parameter `{}`", shorten(&key.text));
            let near = did_you_mean(&key.text, declared.iter().map(|(key, _)| key.text.as_str()));
            let help = near.map(|near| format!("did you mean `{near}`?"));
            say_with_help(problems, "W0411", message, Some((&key.span, "given here")), help);
            continue;
        };
        // A secret by `reference` has no value here, so the default or a placeholder stands in.
        let value = entry.arm_given("value");
        if let Some(value) = value.and_then(|value| checked(&key.text, value, declaration, problems)) {
            values.insert(key.text.to_ascii_lowercase(), value);
        }
    }
    for (name, value) in set {
        let Some((_, declaration)) = declaration(name) else {
            if !Journal::is_surrounding(name) {
                let message = format!("`--set {}`: the template declares no such parameter", shorten(name));
                let near = did_you_mean(name, declared.iter().map(|(key, _)| key.text.as_str()));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                say_with_help(problems, "E0411", message, Some((&value.span, "set here")), help);
            }
            continue;
        };
        if let Some(value) = checked(name, value, declaration, problems) {
            values.insert(name.to_ascii_lowercase(), value);
        }
    }
    values
}

/// A value as the declared type wants it.
fn checked(name: &str, value: &Node, declaration: &Node, problems: &mut Problems) -> Option<Node> {
    let kind = declaration.arm("type").and_then(Node::text).unwrap_or_default().to_ascii_lowercase();
    let scalar =
        |text: String, quoted| Some(Node { span: value.span.clone(), value: Value::Scalar(Scalar { text, quoted }) });
    let text = value.text();
    let typed = match (kind.as_str(), &value.value) {
        (_, Value::Null) => Some(value.clone()),
        ("string" | "securestring", _) => text.and_then(|text| scalar(text.to_owned(), true)),
        ("int", _) => text.and_then(|text| scalar(text.trim().parse::<i64>().ok()?.to_string(), false)),
        ("bool", _) => {
            let lower = text.map(str::to_ascii_lowercase).filter(|text| text == "true" || text == "false");
            lower.and_then(|text| scalar(text, false))
        }
        ("array", Value::Seq(_)) | ("object" | "secureobject", Value::Map(_)) => Some(value.clone()),
        // On a command line a list is written as JSON.
        ("array" | "object" | "secureobject", Value::Scalar(Scalar { quoted: false, .. })) => written_out(value, &kind),
        ("array" | "object" | "secureobject", _) => None,
        _ => Some(value.clone()),
    };
    let Some(typed) = typed else {
        let message = format!("parameter `{name}` is `{}`, which is not of type {kind}", shorten(&shown(value)));
        let help = match kind.as_str() {
            "array" => {
                Some(format!("write a list: `--set {name}='[\"a\"]'`, or `set: {{ {name}: [a] }}` in a scenario"))
            }
            "object" | "secureobject" => Some(format!("write an object: `--set {name}='{{\"key\": \"a\"}}'`")),
            _ => None,
        };
        say_with_help(problems, "E0412", message, Some((&value.span, "given here")), help);
        return None;
    };
    let allowed = declaration.arm("allowedValues").map_or(&[][..], Node::items);
    let is_allowed = |value: &Node| allowed.is_empty() || allowed.iter().any(|other| same_text(other, value));
    // Of a list every item must be allowed, unless whole lists are.
    let wrong = match &typed.value {
        Value::Seq(items) if !is_allowed(&typed) => items.iter().find(|item| !is_allowed(item)),
        _ => Some(&typed).filter(|value| !is_allowed(value)),
    };
    let Some(wrong) = wrong else { return Some(typed) };
    let list: Vec<String> = allowed.iter().map(|value| format!("`{}`", shorten(&shown(value)))).collect();
    let has = if std::ptr::eq(wrong, &raw const typed) { "is" } else { "holds" };
    let message =
        format!("parameter `{name}` {has} `{}`, which is not among its allowed values", shorten(&shown(wrong)));
    let help = Some(format!("allowed: {}", list.join(", ")));
    say_with_help(problems, "E0412", message, Some((&wrong.span, "given here")), help);
    None
}

fn shown(value: &Node) -> String {
    value.text().map_or_else(|| json::print(value), str::to_owned)
}

/// The list or object that a text is, as JSON.
fn written_out(value: &Node, kind: &str) -> Option<Node> {
    let source =
        Arc::new(Source { name: value.span.source.name.clone(), text: value.text()?.to_owned(), hidden: false });
    let node = json::parse(&source, Dialect::Azure, &mut Problems::default())?;
    let is_list = matches!(node.value, Value::Seq(_));
    let is_object = matches!(node.value, Value::Map(_));
    (if kind == "array" { is_list } else { is_object }).then_some(node)
}

fn same_text(a: &Node, b: &Node) -> bool {
    match (a.text(), b.text()) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => a == b,
    }
}
