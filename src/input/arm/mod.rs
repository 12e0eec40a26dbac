//! Azure's own files: templates, REST bodies and the output of `az … show`, as normalised resources.
//!
//! This is the surface that scenarios use. Here it reads plain bodies and the `resources` of templates that hold no
//! expressions.

use super::problem::{Problem, Problems};
use super::read::{ReadOptions, read_file};
use super::tree::{Node, Value};
use std::path::Path;

/// The resources of a file, normalised; `set` overrides parameters of a template.
#[must_use]
pub fn load(path: &Path, parameters: Option<&Path>, set: &[(String, Node)]) -> (Vec<Node>, Problems) {
    let mut problems = Problems::new();
    let Some(root) = read_file(path, &ReadOptions::arm(None), &mut problems) else { return (Vec::new(), problems) };
    if parameters.is_some() || !set.is_empty() || root.arm("parameters").is_some() {
        let problem = Problem::error("E0505", "templates with parameters are not read here");
        problems.push(
            problem
                .at(&root.span, "this template")
                .help("name the output of `az vmss show`, or write the resource inline"),
        );
    }
    let items = match (&root.value, root.arm("resources")) {
        (_, Some(list)) => list.items().to_vec(),
        (Value::Seq(items), None) => items.clone(),
        _ => vec![root],
    };
    let resources = items.into_iter().map(|item| normalise(item, &mut problems)).collect();
    (resources, problems)
}

/// Settles the casing of keys and the place of `properties` in one resource.
#[must_use]
pub fn normalise(resource: Node, problems: &mut Problems) -> Node {
    for key in ["type", "name"] {
        if resource.arm(key).and_then(Node::text).is_none() {
            let problem = Problem::error("E0502", format!("a resource has no `{key}`"));
            problems.push(problem.at(&resource.span, "this resource").help("give every resource `type` and `name`"));
        }
    }
    resource
}
