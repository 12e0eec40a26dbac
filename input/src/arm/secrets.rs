//! The texts of a file that are secret: parameters of a template that are declared so, and what a plan or a state of Terraform marks.

use std::path::Path;

use super::{Beside, detect, read_parameters, read_root};
use crate::files::Files;
use crate::problem::Problems;
use crate::secrets::Secrets;
use crate::tree::{Node, Value};

/// Those of a file, with what is given beside it.
#[must_use]
pub fn secrets(files: &dyn Files, path: &Path, beside: Beside<'_>) -> Secrets {
    let mut found = Secrets::default();
    let mut problems = Problems::default();
    let Some((root, own)) = read_root(files, path, &mut problems) else { return found };
    let file = beside.parameters.and_then(|path| read_parameters(files, path, &mut problems)).or(own);
    match detect::detect(&root) {
        detect::Found::Template(template) => of_template(template, file.as_ref(), beside.set, &mut found),
        detect::Found::Deployment(template, own) => {
            of_template(template, file.as_ref().or(own), beside.set, &mut found)
        }
        detect::Found::Terraform(_) => marked(&root, &mut found),
        detect::Found::Bodies(_) | detect::Found::Other(..) => {}
    }
    found
}

fn of_template(template: &Node, file: Option<&Node>, set: &[(String, Node)], found: &mut Secrets) {
    let given = file.map(|file| file.arm("parameters").unwrap_or(file));
    for (key, declaration) in template.arm("parameters").map_or(&[][..], Node::entries) {
        let kind = declaration.arm("type").and_then(Node::text).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("secure") {
            continue;
        }
        let of_file = given.and_then(|given| given.arm(&key.text)?.arm("value"));
        let is_set = set.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key.text)).map(|(_, value)| value);
        let values = [declaration.arm("defaultValue"), of_file, is_set];
        values.into_iter().flatten().for_each(|value| found.add(value));
    }
    deployments(template, found);
}

/// Those of the templates of deployments within.
fn deployments(node: &Node, found: &mut Secrets) {
    if let Some(inner) = node.arm("template").filter(|inner| inner.arm("resources").is_some()) {
        of_template(inner, node.arm("parameters"), &[], found);
        return;
    }
    node.items().iter().for_each(|item| deployments(item, found));
    node.entries().iter().for_each(|(_, inner)| deployments(inner, found));
}

/// Where Terraform keeps values, and where it says which of them are sensitive.
const MARKS: [(&str, &str); 3] =
    [("values", "sensitive_values"), ("after", "after_sensitive"), ("before", "before_sensitive")];

fn marked(node: &Node, found: &mut Secrets) {
    for (values, marks) in MARKS {
        if let (Some(values), Some(marks)) = (node.get(values), node.get(marks)) {
            of_marks(values, marks, found);
        }
    }
    // A state has paths: `[[{ "type": "get_attr", "value": "admin_password" }]]`.
    if let (Some(values), Some(paths)) = (node.get("attributes"), node.get("sensitive_attributes")) {
        let first = |path: &Node| path.items().first()?.get("value")?.text().map(str::to_owned);
        let named = paths.items().iter().filter_map(first);
        named.filter_map(|name| values.get(&name)).for_each(|value| found.add(value));
    }
    // What a variable or an output is worth, where it is marked.
    if node.get("sensitive").and_then(Node::text) == Some("true")
        && let Some(value) = node.get("value")
    {
        found.add(value);
    }
    node.items().iter().for_each(|item| marked(item, found));
    node.entries().iter().for_each(|(_, inner)| marked(inner, found));
}

fn of_marks(values: &Node, marks: &Node, found: &mut Secrets) {
    match &marks.value {
        Value::Scalar(scalar) if scalar.text == "true" => found.add(values),
        Value::Map(entries) => {
            let inner = entries.iter().filter_map(|(key, marks)| Some((values.get(&key.text)?, marks)));
            inner.for_each(|(values, marks)| of_marks(values, marks, found));
        }
        Value::Seq(items) => {
            values.items().iter().zip(items).for_each(|(values, marks)| of_marks(values, marks, found));
        }
        Value::Scalar(_) | Value::Null => {}
    }
}
