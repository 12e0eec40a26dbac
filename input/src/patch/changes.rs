//! Where two trees differ, value by value, with the place of each in both.

use super::lists::{By, label, named};
use super::{Match, Place, Step};
use crate::arm::shape::field::Row;
use crate::arm::shape::{self, Kind};
use crate::arm::{INSTANCES, UNREAD};
use crate::scenario::lower::is_acted_on;
use crate::tree::{Key, Node, Span, Value};
use std::collections::BTreeMap;

/// A value that is not the same in both.
#[derive(Clone, Debug)]
pub struct Difference<'n> {
    /// Where.
    pub place: Place,
    /// The value in the first; none where the second adds it.
    pub old: Option<&'n Node>,
    /// The value in the second; none where that has it no more.
    pub new: Option<&'n Node>,
    /// Where it stands in each, or what would hold it; none of a resource that one of them does not have.
    pub at: [Option<&'n Span>; 2],
    /// Something acts on it; otherwise it is only kept.
    pub is_read: bool,
}

/// Where two scenarios differ; their resources are normalised.
#[must_use]
pub fn changes<'n>(old: &'n Node, new: &'n Node) -> Vec<Difference<'n>> {
    let mut all = Vec::new();
    let at = [Some(&old.span), Some(&new.span)];
    Walk { how: Match::Exact, is_read: true, all: &mut all }.both(&Place::default(), [Some(old), Some(new)], at);
    all
}

/// Where two lists of resources differ.
#[must_use]
pub fn of_resources<'n>(old: &'n [Node], new: &'n [Node]) -> Vec<Difference<'n>> {
    let mut all = Vec::new();
    Walk { how: Match::Exact, is_read: true, all: &mut all }.resources(old, new);
    all
}

/// Two elements that belong together.
pub(super) struct Pair<'n> {
    /// What the path calls them.
    pub label: String,
    pub old: Option<&'n Node>,
    pub new: Option<&'n Node>,
}

/// By what the elements of two lists belong together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Paired {
    /// By their names, or the values of their key.
    ByKey,
    /// By their places, of which both have as many.
    ByPlace,
}

/// The elements of two lists, those of the first in its order and then what is new; `None` where nothing tells them apart.
pub(super) fn pairs<'n>(old: &'n [Node], new: &'n [Node], how: Match) -> Option<(Paired, Vec<Pair<'n>>)> {
    let by_key = |key: &dyn Fn(&Node) -> Option<String>| {
        let find = |list: &'n [Node], wanted: &Node| list.iter().find(|one| key(one) == key(wanted));
        let before =
            old.iter().map(|one| Pair { label: key(one).unwrap_or_default(), old: Some(one), new: find(new, one) });
        let after = new.iter().filter(|one| find(old, one).is_none());
        let after = after.map(|one| Pair { label: key(one).unwrap_or_default(), old: None, new: Some(one) });
        (Paired::ByKey, before.chain(after).collect())
    };
    match By::of(how, named(old) && named(new)) {
        By::Names => Some(by_key(&|one| one.name().map(str::to_owned))),
        By::Values(keyed) => {
            let tells = |list: &[Node]| {
                let labels: Vec<_> = list.iter().map(|one| label(one, keyed).map(|text| text.to_lowercase())).collect();
                labels.iter().enumerate().all(|(at, own)| own.is_some() && !labels[..at].contains(own))
            };
            if tells(old) && tells(new) {
                return Some(by_key(&|one| label(one, keyed)));
            }
            by_place(old, new)
        }
        By::Nothing => None,
    }
}

/// The elements of two lists of one length by their places.
pub(super) fn by_place<'n>(old: &'n [Node], new: &'n [Node]) -> Option<(Paired, Vec<Pair<'n>>)> {
    let pair = |(at, (a, b)): (usize, (&'n Node, &'n Node))| Pair { label: at.to_string(), old: Some(a), new: Some(b) };
    let pairs = || old.iter().zip(new).enumerate().map(pair).collect();
    (old.len() == new.len()).then(|| (Paired::ByPlace, pairs()))
}

/// The values of a mapping by their keys; of a key that occurs twice, the first.
fn by_key(entries: &[(Key, Node)]) -> BTreeMap<&str, &Node> {
    entries.iter().rev().map(|(key, value)| (key.text.as_str(), value)).collect()
}

/// What leads to where a walk is.
struct Walk<'w, 'n> {
    how: Match,
    is_read: bool,
    all: &'w mut Vec<Difference<'n>>,
}

type Two<T> = [Option<T>; 2];
/// The entries of a mapping.
type Entries<'n> = &'n [(Key, Node)];

impl<'n> Walk<'_, 'n> {
    fn both(&mut self, place: &Place, [old, new]: Two<&'n Node>, around: Two<&'n Span>) {
        if old == new {
            return;
        }
        let at = [old.map_or(around[0], |node| Some(&node.span)), new.map_or(around[1], |node| Some(&node.span))];
        match (old.map(|node| &node.value), new.map(|node| &node.value)) {
            (Some(Value::Map(a)), Some(Value::Map(b))) => self.entries(place, (a, b), at),
            (Some(Value::Seq(a)), Some(Value::Seq(b))) if place.is_resources() && named(a) && named(b) => {
                self.resources(a, b);
            }
            (Some(Value::Seq(a)), Some(Value::Seq(b))) => match pairs(a, b, self.how.element()) {
                Some((_, pairs)) => {
                    for Pair { label, old, new } in pairs {
                        let how = self.how.element();
                        self.within(how, self.is_read).both(&place.and(Step::Element(label)), [old, new], at);
                    }
                }
                None => self.all.push(Difference { place: place.clone(), old, new, at, is_read: self.is_read }),
            },
            _ => self.all.push(Difference { place: place.clone(), old, new, at, is_read: self.is_read }),
        }
    }

    fn within(&mut self, how: Match, is_read: bool) -> Walk<'_, 'n> {
        Walk { how, is_read, all: self.all }
    }

    fn entries(&mut self, place: &Place, (a, b): (Entries<'n>, Entries<'n>), at: Two<&'n Span>) {
        let (old, new) = (by_key(a), by_key(b));
        let before = a.iter().map(|(key, before)| (key, [Some(before), new.get(key.text.as_str()).copied()]));
        let after = b.iter().filter(|(key, _)| !old.contains_key(key.text.as_str()));
        let after = after.map(|(key, after)| (key, [None, Some(after)]));
        for (key, values) in before.chain(after) {
            // What no table models is kept for the answers of `status`.
            if matches!(self.how, Match::Arm(_)) && key.text == UNREAD {
                continue;
            }
            let (how, is_read) = (self.how.at(&key.text), self.is_read && acts_on(self.how, &key.text));
            self.within(how, is_read).both(&place.and(Step::Key(key.text.clone())), values, at);
        }
    }

    /// The path of a resource begins with its name.
    fn resources(&mut self, a: &'n [Node], b: &'n [Node]) {
        let kind = |node: &Node| node.arm("type").and_then(Node::text).unwrap_or_default().to_owned();
        let is_alone = |list: &[Node], name: &str| list.iter().filter(|one| one.name() == Some(name)).count() < 2;
        let place = |of: &Node| {
            let name = of.name().unwrap_or_default();
            let step = if is_alone(a, name) && is_alone(b, name) {
                name.to_owned()
            } else {
                format!("{}/{name}", shape::without_namespace(&kind(of)))
            };
            Place(vec![Step::Resource(step)])
        };
        let mut left: Vec<&Node> = b.iter().collect();
        for before in a {
            let is_same = |node: &&Node| node.name() == before.name() && kind(node) == kind(before);
            let after = left.iter().position(is_same).map(|at| left.remove(at));
            self.resource(&place(before), Some(before), after);
        }
        for after in left {
            self.resource(&place(after), None, Some(after));
        }
    }

    fn resource(&mut self, place: &Place, old: Option<&'n Node>, new: Option<&'n Node>) {
        let Some(one) = old.or(new) else { return };
        let kind = one.arm("type").and_then(Node::text).unwrap_or_default();
        let is_read = is_acted_on(kind) || kind.eq_ignore_ascii_case(INSTANCES);
        self.within(Match::of(one), is_read).both(place, [old, new], [None, None]);
    }
}

/// Whether something acts on what stands at a key, by its table.
fn acts_on(how: Match, key: &str) -> bool {
    let Match::Arm(Some(Kind::Object(shape))) = how else { return true };
    let is_kept = shape.row(key).is_some_and(|row| matches!(row, Row::Kept(..)));
    !is_kept || ["name", "type"].contains(&key)
}
