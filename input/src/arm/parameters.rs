//! The values that a user gives the parameters of a template: a parameters file, and `--set`.

use std::collections::BTreeMap;

use super::expression::{Journal, Outcome};
use super::say::{say, say_with_help, shorten};
use crate::problem::Problems;
use crate::problem::did_you_mean;
use crate::tree::{Node, Scalar, Value};

/// The values by name in lower case: what is set goes before what the file says.
pub(super) fn given(
    template: &Node,
    file: Option<&Node>,
    set: &[(String, Node)],
    problems: &mut Problems,
) -> BTreeMap<String, Outcome<Node>> {
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
        let value = entry.entries().iter().find(|(k, _)| k.text.eq_ignore_ascii_case("value")).map(|(_, value)| value);
        if let Some(value) = value.and_then(|value| checked(&key.text, value, declaration, problems)) {
            values.insert(key.text.to_ascii_lowercase(), Ok(value));
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
            values.insert(name.to_ascii_lowercase(), Ok(value));
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
        ("array" | "object" | "secureobject", _) => None,
        _ => Some(value.clone()),
    };
    let Some(typed) = typed else {
        let shown = shorten(text.unwrap_or("a list or object"));
        let message = format!("parameter `{name}` is `{shown}`, which is not of type {kind}");
        say(problems, "E0412", message, Some((&value.span, "given here")));
        return None;
    };
    let allowed = declaration.arm("allowedValues").map_or(&[][..], Node::items);
    let is_allowed = allowed.is_empty() || allowed.iter().any(|other| same_text(other, &typed));
    if !is_allowed {
        let list: Vec<String> = allowed.iter().filter_map(Node::text).map(|text| format!("`{text}`")).collect();
        let message =
            format!("parameter `{name}` is `{}`, which is not among its allowed values", shorten(text.unwrap_or("…")));
        let help = Some(format!("allowed: {}", list.join(", ")));
        say_with_help(problems, "E0412", message, Some((&value.span, "given here")), help);
        return None;
    }
    Some(typed)
}

fn same_text(a: &Node, b: &Node) -> bool {
    match (a.text(), b.text()) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => a == b,
    }
}
