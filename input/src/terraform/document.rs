//! The file: the resources that it has, and where its configuration says what each value comes from.

use super::address::{Address, Step};
use crate::tree::{Node, Span, Value};
use std::collections::BTreeMap;

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// What `terraform show -json` prints of a plan.
    Plan,
    /// What it prints of a state.
    State,
    /// A state as it is stored, or as `terraform state pull` prints it.
    Stored,
}

/// Says whether an object is one of these.
pub fn form(root: &Node) -> Option<Form> {
    let has = |key| root.get(key).is_some();
    if has("planned_values") || has("resource_changes") {
        return Some(Form::Plan);
    }
    let is_state = root.get("values").is_some_and(|values| values.get("root_module").is_some());
    if is_state || (has("terraform_version") && has("format_version")) {
        return Some(Form::State);
    }
    let is_stored = (has("lineage") && has("serial")) || (has("terraform_version") && has("version"));
    is_stored.then_some(Form::Stored)
}

/// An instance of a resource.
pub struct Resource<'a> {
    /// Its address.
    pub address: Address,
    /// Its attributes.
    pub values: &'a Node,
    /// Where its address stands.
    pub span: &'a Span,
    /// Which attributes are known only after apply: the same structure, with `true` at each.
    pub unknown: Option<&'a Node>,
    /// Which attributes are marked sensitive, likewise.
    pub sensitive: Option<&'a Node>,
}

impl<'a> Resource<'a> {
    /// The text of an attribute; none where it is not known, or no text.
    pub fn text(&self, field: &str) -> Option<&'a str> {
        self.values.get(field)?.text()
    }
}

/// A file that was read.
pub struct Document<'a> {
    /// The resources that it has, in its order; what is only read is not among them.
    pub resources: Vec<Resource<'a>>,
    /// Those that are only read, by their types.
    pub data: Vec<String>,
    /// The changes of a plan, each with its address.
    pub changes: BTreeMap<&'a str, &'a Node>,
    configuration: Option<&'a Node>,
}

impl<'a> Document<'a> {
    /// Reads a file of this form.
    pub fn of(root: &'a Node, form: Form) -> Self {
        let configuration = root.get("configuration").and_then(|of| of.get("root_module"));
        let changes = root.get("resource_changes").map_or(&[][..], Node::items).iter();
        let changes = changes.filter_map(|one| Some((one.get("address")?.text()?, one))).collect();
        let mut document = Self { resources: Vec::new(), data: Vec::new(), changes, configuration };
        match form {
            Form::Plan | Form::State => {
                let key = if form == Form::Plan { "planned_values" } else { "values" };
                if let Some(module) = root.get(key).and_then(|values| values.get("root_module")) {
                    document.module(module);
                }
            }
            Form::Stored => {
                root.get("resources").map_or(&[][..], Node::items).iter().for_each(|of| document.stored(of))
            }
        }
        document
    }

    fn module(&mut self, module: &'a Node) {
        for resource in module.get("resources").map_or(&[][..], Node::items) {
            let address = resource.get("address").filter(|node| node.text().is_some());
            let Some((node, address)) = address.and_then(|node| Some((node, Address::of(node.text()?)?))) else {
                continue;
            };
            let Some(values) = resource.get("values") else { continue };
            let change = self.changes.get(node.text().unwrap_or_default()).and_then(|one| one.get("change"));
            let (unknown, sensitive) =
                (change.and_then(|of| of.get("after_unknown")), resource.get("sensitive_values"));
            self.add(Resource { address, values, span: &node.span, unknown, sensitive });
        }
        module.get("child_modules").map_or(&[][..], Node::items).iter().for_each(|child| self.module(child));
    }

    /// A resource of a stored state, with all its instances.
    fn stored(&mut self, resource: &'a Node) {
        let text = |key| resource.get(key).and_then(Node::text);
        let (Some(kind), Some(name), Some(at)) = (text("type"), text("name"), resource.get("name")) else { return };
        let data = if text("mode") == Some("data") { "data." } else { "" };
        let module = text("module").map(|module| format!("{module}.")).unwrap_or_default();
        let Some(address) = Address::of(&format!("{module}{data}{kind}.{name}")) else { return };
        for instance in resource.get("instances").map_or(&[][..], Node::items) {
            let Some(values) = instance.get("attributes") else { continue };
            let key = instance.get("index_key").and_then(Node::text).map(str::to_owned);
            let address = Address { own: Step { key, ..address.own.clone() }, ..address.clone() };
            self.add(Resource { address, values, span: &at.span, unknown: None, sensitive: None });
        }
    }

    fn add(&mut self, resource: Resource<'a>) {
        if self.resources.iter().any(|known| known.address == resource.address) {
            return; // One address is one resource, however often a tool lists it.
        }
        if resource.address.is_data {
            self.data.push(format!("data.{}", resource.address.kind));
        } else {
            self.resources.push(resource);
        }
    }

    /// The configuration of a module, and the call of it where it is not the outermost.
    pub fn module_configuration(&self, modules: &[Step]) -> Option<(&'a Node, Option<&'a Node>)> {
        modules.iter().try_fold((self.configuration?, None), |(node, _), step| {
            let call = node.get("module_calls")?.get(&step.name)?;
            Some((call.get("module")?, Some(call)))
        })
    }

    /// The resources that the configuration has for sure and the plan has not, each with where it is written: those that neither
    /// `count` nor `for_each` may leave out, nor such a call of a module around them.
    pub fn lacking(&self) -> Vec<(Address, &'a Span)> {
        let mut found = Vec::new();
        if let Some(root) = self.configuration {
            self.lacking_of(root, &mut Vec::new(), &mut found);
        }
        found
    }

    fn lacking_of(&self, module: &'a Node, modules: &mut Vec<Step>, found: &mut Vec<(Address, &'a Span)>) {
        let is_counted =
            |one: &Node| ["count_expression", "for_each_expression"].iter().any(|key| one.get(key).is_some());
        for one in module.get("resources").map_or(&[][..], Node::items).iter().filter(|one| !is_counted(one)) {
            let text = |key| one.get(key).and_then(Node::text);
            let (Some(kind), Some(name), Some("managed")) = (text("type"), text("name"), text("mode")) else {
                continue;
            };
            let own = Step { name: name.to_owned(), key: None };
            let address = Address { modules: modules.clone(), kind: kind.to_owned(), own, is_data: false };
            let is_there = self.resources.iter().any(|known| known.address == address);
            if !is_there && !self.changes.contains_key(address.to_string().as_str()) {
                found.push((address, &one.span));
            }
        }
        for (key, call) in
            module.get("module_calls").map_or(&[][..], Node::entries).iter().filter(|(_, call)| !is_counted(call))
        {
            let Some(inner) = call.get("module") else { continue };
            modules.push(Step { name: key.text.clone(), key: None });
            self.lacking_of(inner, modules, found);
            modules.pop();
        }
    }

    /// The configuration of a resource.
    pub fn configuration(&self, address: &Address) -> Option<&'a Node> {
        let (module, _) = self.module_configuration(&address.modules)?;
        let is = |one: &Node, key: &str, wanted: &str| one.get(key).and_then(Node::text) == Some(wanted);
        let mode = if address.is_data { "data" } else { "managed" };
        module
            .get("resources")?
            .items()
            .iter()
            .find(|one| is(one, "type", &address.kind) && is(one, "name", &address.own.name) && is(one, "mode", mode))
    }

    /// What the configuration of a provider says in a block of its `features`.
    pub fn feature(&self, root: &'a Node, block: &str, name: &str) -> Option<&'a Node> {
        let provider = root.get("configuration")?.get("provider_config")?.get("azurerm")?;
        let features = first(provider.get("expressions")?.get("features")?)?;
        first(features.get(block)?)?.get(name)?.get("constant_value")
    }
}

/// The first of a list; what is no list itself.
pub fn first(node: &Node) -> Option<&Node> {
    match &node.value {
        Value::Seq(items) => items.first(),
        Value::Null => None,
        _ => Some(node),
    }
}
