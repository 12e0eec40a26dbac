//! What other resources of the same files are, as a running Azure would answer: `reference`, `references`, `resourceInfo`.

use std::rc::Rc;

use super::{Call, Row, data};
use crate::arm::expression::deployed::{Deployed, resource_id};
use crate::arm::expression::evaluate::Env;
use crate::arm::expression::parser::{Expression, Kind, print};
use crate::arm::expression::{Failure, Outcome};
use crate::arm::reference::split_id;
use crate::arm::say::shorten;
use crate::arm::shape::without_namespace;
use crate::tree::{Key, Node, Span, Value};

pub(super) const TABLE: &[Row] =
    &[("reference", 1, 3, reference), ("references", 1, 2, references), ("resourceInfo", 1, 1, info)];

/// What a resource has that a request does not say.
const NOT_OF_A_RESOURCE: &[&str] = &["copy", "dependsOn", "condition", "existing", "comments", "name", "type", "scope"];

/// `reference(name or id, [apiVersion], ['Full'])`.
fn reference(call: &Call<'_>) -> Outcome<Node> {
    let wanted = call.text(0)?;
    let full = (1..call.arguments.len()).any(|at| call.text(at).is_ok_and(|text| text.eq_ignore_ascii_case("full")));
    call.env.scope.journal.at_depth(call.env.depth, || {
        let whole = match call.env.scope.find(&wanted) {
            Some(found) if !found.is_existing() => view(&found, call)?,
            found => {
                let named = found.map(|found| (found.kind.clone(), found.full_name())).or_else(|| split_id(&wanted));
                let other = named.and_then(|(kind, name)| of_another_file(call, &kind, &name));
                other.ok_or_else(|| unknown(call, &wanted))?
            }
        };
        Ok(if full { whole } else { properties(whole, call.span) })
    })
}

/// A resource of another file, with the ids that follow from it.
fn of_another_file(call: &Call<'_>, kind: &str, name: &str) -> Option<Node> {
    let journal = &call.env.scope.journal;
    let mut whole = journal.other(kind, name)?.clone();
    let id = resource_id(&journal.group_id(), kind, name);
    let mut own = whole.take_arm("properties").unwrap_or_else(|| data::object(Vec::new(), call.span));
    with_ids(&mut own, &id);
    put(&mut whole, "properties", own);
    put(&mut whole, "id", data::text(id, call.span));
    Some(whole)
}

/// `references(symbolic name of a loop, ['Full'])`.
fn references(call: &Call<'_>) -> Outcome<Node> {
    let wanted = call.text(0)?;
    let full = call.has(1) && call.text(1)?.eq_ignore_ascii_case("full");
    let scope = call.env.scope;
    scope.journal.at_depth(call.env.depth, || {
        let found = scope.iterations(&wanted);
        if found.is_empty() && scope.find(&wanted).is_none() {
            return Err(unknown(call, &wanted));
        }
        let one = |deployed: &Rc<Deployed>| {
            let whole = view(deployed, call)?;
            Ok(if full { whole } else { properties(whole, call.span) })
        };
        Ok(data::list(found.iter().filter(|one| one.is_deployed()).map(one).collect::<Outcome<_>>()?, call.span))
    })
}

/// `resourceInfo(symbolic name)`: what of a resource needs nobody to ask for it.
fn info(call: &Call<'_>) -> Outcome<Node> {
    let wanted = call.text(0)?;
    call.env.scope.journal.at_depth(call.env.depth, || {
        let of_loop = || call.env.scope.iterations(&wanted).into_iter().next();
        let found = call.env.scope.find(&wanted).or_else(of_loop).ok_or_else(|| unknown(call, &wanted))?;
        let entries = of_itself(&found, call).into_iter().map(|(key, value)| (key.to_owned(), value));
        Ok(data::object(entries.collect(), call.span))
    })
}

/// The failure of asking for what is in none of the files.
fn unknown(call: &Call<'_>, wanted: &str) -> Box<Failure> {
    let what = match split_id(wanted) {
        Some((kind, name)) => format!("{} `{}`", without_namespace(&kind), shorten(&name)),
        None => format!("`{}`", shorten(wanted)),
    };
    let message = format!("`{}` asks a running Azure for {what}, which is not in these files", call.name);
    Failure::new("W0401", message, call.span).with_help(super::ADVICE)
}

/// Its type, name and id.
fn of_itself(deployed: &Deployed, call: &Call<'_>) -> Vec<(&'static str, Node)> {
    let text = |text: String| data::text(text, call.span);
    let version = deployed.key("apiVersion").ok().flatten();
    let mut entries = vec![
        ("id", text(deployed.id(&call.env.scope.journal.group_id()))),
        ("name", text(deployed.full_name())),
        ("type", text(deployed.kind.clone())),
    ];
    entries.extend(version.map(|version| ("apiVersion", version)));
    entries
}

fn properties(mut whole: Node, span: &Span) -> Node {
    whole.take_arm("properties").unwrap_or_else(|| data::object(Vec::new(), span))
}

/// A resource as Azure shows it once it is deployed: what its file says, and the ids that follow from it.
fn view(deployed: &Rc<Deployed>, call: &Call<'_>) -> Outcome<Node> {
    let id = |of: &Deployed| of.id(&call.env.scope.journal.group_id());
    deployed.remember("resource", |env| {
        let mut written = deployed.item.node.clone();
        let own = of_itself(deployed, call);
        if let Value::Map(entries) = &mut written.value {
            let is_shown = |key: &Key| !NOT_OF_A_RESOURCE.iter().any(|hidden| key.text.eq_ignore_ascii_case(hidden));
            entries.retain(|(key, _)| is_shown(key));
        }
        let mut properties = match written.take_arm("properties") {
            _ if deployed.is_deployment() => {
                data::object(vec![("outputs".to_owned(), outputs(deployed, env)?)], call.span)
            }
            Some(properties) => env.resolve(&properties)?,
            None => data::object(Vec::new(), call.span),
        };
        add_children(deployed, env, &mut properties, call);
        with_ids(&mut properties, &id(deployed));
        let mut whole = env.resolve(&written)?;
        put(&mut whole, "properties", properties);
        for (key, value) in own {
            put(&mut whole, key, value);
        }
        put(&mut whole, "resourceId", data::text(id(deployed), call.span));
        put(&mut whole, "isTemplateResource", data::boolean(true, call.span));
        Ok(whole)
    })
}

fn put(object: &mut Node, key: &str, value: Node) {
    _ = object.take_arm(key);
    if let Value::Map(entries) = &mut object.value {
        entries.push((Key { text: key.to_owned(), span: value.span.clone() }, value));
    }
}

/// Children that the same template deploys beside their parent, in the list where the parent shows them.
fn add_children(deployed: &Rc<Deployed>, env: &Env<'_>, properties: &mut Node, call: &Call<'_>) {
    let (kind, name) = (format!("{}/", deployed.kind), format!("{}/", deployed.full_name()));
    for child in env.scope.all_here() {
        let below = |text: &str, start: &str| -> Option<String> {
            let rest = text
                .get(start.len()..)
                .filter(|_| text.to_ascii_lowercase().starts_with(&start.to_ascii_lowercase()))?;
            (!rest.contains('/')).then(|| rest.to_owned())
        };
        let Some(list) = below(&child.kind, &kind) else { continue };
        let Some(name) = below(&child.full_name(), &name).filter(|_| child.is_deployed()) else { continue };
        let body = child.item.node.arm("properties").map(|body| env_of(&child, body));
        let mut entries = vec![("name".to_owned(), data::text(name.clone(), call.span))];
        entries.extend(body.map(|body| ("properties".to_owned(), body)));
        let item = data::object(entries, call.span);
        let mut items = match properties.take_arm(&list) {
            Some(Node { value: Value::Seq(items), .. }) => items,
            _ => Vec::new(),
        };
        items.retain(|other| !other.is_named(&name));
        items.push(item);
        put(properties, &list, data::list(items, call.span));
    }
}

fn env_of(deployed: &Deployed, body: &Node) -> Node {
    deployed.within(|env| env.resolve_or_keep(body)).unwrap_or_else(|| data::null(&body.span))
}

/// Gives the named parts of a resource the ids that Azure gives them.
fn with_ids(properties: &mut Node, id: &str) {
    let Value::Map(entries) = &mut properties.value else { return };
    for (key, list) in entries {
        let Value::Seq(items) = &mut list.value else { continue };
        for item in items.iter_mut().filter(|item| item.arm("id").is_none()) {
            let Some(name) = item.name().map(str::to_owned) else { continue };
            let own = data::text(format!("{id}/{}/{name}", key.text), &item.span);
            put(item, "id", own);
        }
    }
}

/// What a deployment gives back, by name: its type and value.
fn outputs(deployed: &Deployed, outer: &Env<'_>) -> Outcome<Node> {
    let span = &deployed.item.node.span;
    let Some(inner) = deployed.inner() else {
        let message = "the outputs of a deployment are asked for whose template is not in these files".to_owned();
        return Err(Failure::new("W0401", message, span).with_help(super::ADVICE));
    };
    let loops = inner.loops();
    let env = Env { scope: &inner, loops, locals: &[], depth: outer.depth };
    let mut found = Vec::new();
    for (key, output) in inner.outputs() {
        let is_left_out = match output.arm("condition") {
            Some(condition) => data::as_boolean(&env.resolve(condition)?) == Some(false),
            None => false,
        };
        let value = match (output.arm_given("value"), output.arm("copy")) {
            _ if is_left_out => continue,
            (Some(value), _) => env.resolve_or_keep(value),
            (None, Some(copy)) => repeated(&env, key, copy)?,
            (None, None) => continue,
        };
        let kind = output.arm("type").cloned().unwrap_or_else(|| data::text("string", span));
        let entries = vec![("type".to_owned(), kind), ("value".to_owned(), value)];
        found.push((key.text.clone(), data::object(entries, span)));
    }
    Ok(data::object(found, span))
}

/// An output that a loop makes; its `copy` has no name of its own.
fn repeated(env: &Env<'_>, key: &Key, copy: &Node) -> Outcome<Node> {
    let mut named = copy.clone();
    put(&mut named, "name", data::text(key.text.clone(), &copy.span));
    let items = env.copy(&named, &|env, input| Some(env.resolve_or_keep(input)))?;
    Ok(data::list(items, &copy.span))
}

/// The failure of an access that asks a reference for what only a running Azure knows.
pub(super) fn asked(expression: &Expression, span: &Span) -> Option<Box<Failure>> {
    let mut at = expression;
    while let Kind::Access { of, .. } = &at.kind {
        at = of;
    }
    let Kind::Call { name, arguments } = &at.kind else { return None };
    let of = arguments.first().filter(|_| TABLE.iter().any(|row| row.0.eq_ignore_ascii_case(name)))?;
    let Kind::Access { key, .. } = &expression.kind else { return None };
    let message = format!("only a running Azure knows {} of {}", shorten(&print(key)), shorten(&print(of)));
    Some(Failure::new("W0401", message, span).with_help(super::ADVICE))
}
