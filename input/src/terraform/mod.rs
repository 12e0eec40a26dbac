//! Terraform: what `terraform show -json` prints of a plan or a state, and states as they are stored. OpenTofu's `tofu` prints the same.
//!
//! The tables in [`tables`] say what of each resource of the provider `azurerm` ARM has, and how. What comes of them is read like
//! Azure's own files, each value at its place in the user's file. An id that is not known before apply follows from what the
//! configuration refers to ([`links`]); what cannot be known is named. Resources of `azapi` are ARM already ([`azapi`]).

mod address;
mod azapi;
mod document;
mod ids;
mod links;
mod locals;
mod map;
mod nodes;
mod rollout;
pub mod row;
mod said;
pub mod tables;

use crate::arm::shape;
use crate::problem::Problems;
use crate::tree::Node;
pub use document::{Form, form};

/// What makes a file that is read of a configuration or of a plan in its binary form.
pub const SHOW: &str = "run `terraform plan -out tfplan` and `terraform show -json tfplan > plan.json` (`tofu` the same), and give \
    `plan.json`; of what is deployed, `terraform show -json > state.json`";

/// Whether a file is what `terraform plan -out` writes: an archive that has a plan.
#[must_use]
pub fn is_binary_plan(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") && bytes.windows(6).any(|part| part == b"tfplan")
}

/// What a text of Terraform's is that is no JSON document.
#[must_use]
pub fn text(text: &str) -> Option<&'static str> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.clone().next()?;
    if first.starts_with("{\"@level\"") {
        return Some("the log of `terraform plan -json`");
    }
    let says = |line: &str| line.starts_with("Terraform will perform") || line.starts_with("OpenTofu will perform");
    lines.any(says).then_some("what Terraform prints for people")
}

/// A resource in ARM's form.
pub struct Found {
    /// Its type.
    pub kind: String,
    /// Its name; `parent/child` for a child.
    pub name: String,
    /// What is said of it.
    pub body: Node,
}

/// What a file has.
#[derive(Default)]
pub struct Fleet {
    /// Resources of types that are modelled.
    pub found: Vec<Found>,
    /// The types of the others.
    pub unmodelled: Vec<String>,
}

/// Reads a file of this form.
#[must_use]
pub fn read(root: &Node, form: Form, problems: &mut Problems) -> Fleet {
    let document = document::Document::of(root, form);
    let ids = ids::Ids::of(&document, problems);
    let mut fleet = Fleet::default();
    let (mut updates, mut read_at) = (Vec::new(), Vec::new());
    for (at, resource) in document.resources.iter().enumerate() {
        let kind = resource.address.kind.as_str();
        let found = if azapi::is(kind) {
            azapi::found((&document, &ids), at, &mut fleet, problems)
        } else if let Some(table) = tables::of(kind) {
            if shape::resource(table.to).is_none() && shape::child(table.to).is_none() {
                fleet.unmodelled.push(table.to.to_owned()); // Others have its id.
                continue;
            }
            map::found((&document, &ids), at, table, problems)
        } else {
            let weighty = tables::WEIGHTY.iter().find(|(from, _)| *from == kind);
            fleet.unmodelled.push(weighty.map_or(kind, |(_, to)| to).to_owned());
            None
        };
        let Some(found) = found else { continue };
        if azapi::is_update(resource) {
            updates.push((resource.address.to_string(), found));
        } else {
            read_at.push(at);
            fleet.found.push(found);
        }
    }
    azapi::lay_over(&mut fleet, updates, problems);
    fleet.unmodelled.extend(document.data.iter().cloned());
    let read = read_at.into_iter().map(|at| &document.resources[at]).zip(&fleet.found);
    rollout::say(root, &document, read, problems);
    fleet
}
