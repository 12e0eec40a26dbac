//! The ids of resources, those that Azure has yet to make included.

use super::address::Step;
use super::document::{Document, Resource};
use super::links::{self, Scope};
use super::row::{Table, Within};
use super::{azapi, tables};
use crate::arm::reference::split_id;
use crate::arm::shape::ASSIGNMENT;
use crate::problem::{Problem, Problems};
use crate::tree::Node;

/// What stands for a subscription that a plan does not name; only names in ids are compared.
const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000000";

/// Lists of parts to which others refer, in ARM and in the provider.
const PARTS: [(&str, &str); 2] =
    [("frontendIPConfigurations", "frontend_ip_configuration"), ("backendAddressPools", "backend_address_pool")];

/// The ARM type and the id of each resource of a file, in its order; none where it is not read.
pub struct Ids(Vec<Option<(String, String)>>);

impl Ids {
    /// Works them out; a name that is not known before apply is said.
    pub fn of(document: &Document<'_>, problems: &mut Problems) -> Self {
        let mut ids = Self(vec![None; document.resources.len()]);
        // A child needs the id of what holds it, at most four levels up.
        for _ in 0..5 {
            for (at, resource) in document.resources.iter().enumerate() {
                if ids.0[at].is_none() {
                    ids.0[at] = ids.one(document, resource, problems);
                }
            }
        }
        ids
    }

    /// The ARM type and the id of a resource.
    pub fn get(&self, at: usize) -> Option<&(String, String)> {
        self.0.get(at)?.as_ref()
    }

    /// The same of a resource of the document.
    fn of_resource<'a>(&self, document: &Document<'a>, resource: &Resource<'a>) -> Option<&(String, String)> {
        let at = document.resources.iter().position(|other| core::ptr::eq(other, resource))?;
        self.get(at)
    }

    fn one(
        &self,
        document: &Document<'_>,
        resource: &Resource<'_>,
        problems: &mut Problems,
    ) -> Option<(String, String)> {
        let kind = resource.address.kind.as_str();
        let table = tables::of(kind);
        let known = resource.text("id");
        let to = match table {
            Some(table) => table.to.to_owned(),
            None => azapi::kind_of(resource)?.to_owned(),
        };
        if let Some(id) = known.filter(|id| split_id(id).is_some()) {
            return Some((to, id.to_owned()));
        }
        let holder = match table {
            Some(table) => self.holder(document, resource, table)?,
            None if to.matches('/').count() == 1 => {
                resource.text("parent_id").map_or_else(|| format!("{SUBSCRIPTION}/resourceGroups/group"), str::to_owned)
            }
            None => self.parent(document, resource, "parent_id", &to)?,
        };
        let name = name_of(resource, problems);
        let id = match to.matches('/').count() {
            1 => format!("{holder}/providers/{to}/{name}"),
            _ => format!("{holder}/{}/{name}", to.rsplit('/').next().unwrap_or_default()),
        };
        Some((to, id))
    }

    /// The id of what holds a resource: another resource, or its group.
    fn holder(&self, document: &Document<'_>, resource: &Resource<'_>, table: &Table) -> Option<String> {
        let group = || {
            let group = resource.text("resource_group_name").unwrap_or("group");
            format!("{SUBSCRIPTION}/resourceGroups/{group}")
        };
        match table.within {
            Within::Group => Some(group()),
            Within::Id(field) => self.parent(document, resource, field, table.to),
            Within::Names(fields) => {
                let mut segments = table.to.split('/');
                let space = segments.next().unwrap_or_default();
                let mut kind = space.to_owned();
                let mut id = format!("{}/providers/{space}", group());
                for (field, segment) in fields.iter().zip(segments) {
                    kind = format!("{kind}/{segment}");
                    let known = resource.text(field).map(str::to_owned);
                    let by_link = || {
                        let id = self.meant(document, resource, field, &kind)?;
                        Some(id.rsplit('/').next().unwrap_or_default().to_owned())
                    };
                    id = format!("{id}/{segment}/{}", known.or_else(by_link)?);
                }
                Some(id)
            }
        }
    }

    /// The id of the resource of which one of the type `to` is a part: what a field has, or refers to.
    fn parent(&self, document: &Document<'_>, resource: &Resource<'_>, field: &str, to: &str) -> Option<String> {
        let parent = to.rsplit_once('/').map_or("", |(parent, _)| parent);
        let known = resource.text(field).map(str::to_owned);
        known.or_else(|| self.meant(document, resource, field, parent))
    }

    /// The id of the one resource of an ARM type to which a field of the outermost level refers.
    pub fn meant(&self, document: &Document<'_>, resource: &Resource<'_>, field: &str, kind: &str) -> Option<String> {
        let configuration = document.configuration(&resource.address)?;
        let expression = configuration.get("expressions")?.get(field)?;
        let found = links::follow(document, &Scope::of(resource, Some(configuration)), expression);
        let id = found.targets.iter().flat_map(|(of, rest)| self.of_type(document, of, rest, kind)).next();
        // What a local value leads to the file does not say; where only one resource can be meant, it is that.
        id.or_else(|| self.candidates(document, resource, kind).pop_if(|_| !found.lost.is_empty()))
    }

    /// The ids of an ARM type that a reference means: of the resource, or of a part that is a list of it.
    pub fn of_type<'a>(
        &self,
        document: &Document<'a>,
        resource: &Resource<'a>,
        rest: &[Step],
        kind: &str,
    ) -> Vec<String> {
        let Some((own, id)) = self.of_resource(document, resource) else { return Vec::new() };
        if own.eq_ignore_ascii_case(kind) {
            return vec![id.clone()];
        }
        let Some((list, step)) = part(own, kind, rest) else { return Vec::new() };
        let parts = resource.values.get(&step.name).map_or(&[][..], Node::items);
        let at = step.key.as_ref().and_then(|key| key.parse::<usize>().ok());
        // Which of several is meant the references do not say.
        let meant = if parts.len() == 1 { parts.first() } else { at.and_then(|at| parts.get(at)) };
        meant.and_then(Node::name).map(|name| format!("{id}/{list}/{name}")).into_iter().collect()
    }

    /// The id of a part of a resource by its name, where a reference means one of that list.
    pub fn part<'a>(
        &self,
        document: &Document<'a>,
        resource: &Resource<'a>,
        rest: &[Step],
        kind: &str,
        name: &str,
    ) -> Option<String> {
        let (own, id) = self.of_resource(document, resource)?;
        let (list, step) = part(own, kind, rest)?;
        let parts = resource.values.get(&step.name)?.items();
        // One of several: where there is one, it is meant anyway.
        let is_it = parts.len() > 1 && parts.iter().any(|part| part.name() == Some(name));
        is_it.then(|| format!("{id}/{list}/{name}"))
    }

    /// The resources of an ARM type: those in the module of a resource, or else all.
    pub fn candidates(&self, document: &Document<'_>, resource: &Resource<'_>, kind: &str) -> Vec<String> {
        let of = |at: usize| self.get(at).filter(|(own, _)| own.eq_ignore_ascii_case(kind)).map(|(_, id)| id.clone());
        let near = |at: &usize| document.resources[*at].address.modules == resource.address.modules;
        let all = 0..document.resources.len();
        let close: Vec<String> = all.clone().filter(near).filter_map(of).collect();
        if close.is_empty() { all.filter_map(of).collect() } else { close }
    }
}

/// The list of parts that a reference to a resource of the type `own` means, where it is that of `kind`: in ARM, and its step.
fn part<'s>(own: &str, kind: &'s str, rest: &'s [Step]) -> Option<(&'s str, &'s Step)> {
    let list = kind.strip_prefix(own)?.strip_prefix('/')?;
    let step = rest.first()?;
    PARTS.contains(&(list, step.name.as_str())).then_some((list, step))
}

/// The name of a resource; one that is not known before apply is that of its address.
fn name_of(resource: &Resource<'_>, problems: &mut Problems) -> String {
    if let Some(name) = resource.text("name").filter(|name| !name.is_empty()) {
        return name.to_owned();
    }
    let Step { name, key } = &resource.address.own;
    let name = key.as_ref().map_or_else(|| name.clone(), |key| format!("{name}-{key}"));
    if tables::of(&resource.address.kind).is_some_and(|table| table.to == ASSIGNMENT) {
        return name; // The provider names it after its configuration, which several sets may have.
    }
    let message = format!("the name of `{}` is known only after apply; `{name}` is used for it", resource.address);
    problems.push(Problem::note("N0407", message).at(resource.span, "this resource"));
    name
}
