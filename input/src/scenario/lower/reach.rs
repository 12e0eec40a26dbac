//! What a write changes of a model, and what that takes on an instance before it is in force there (UM-08, UM-09): both by the column
//! `live` of the properties.

use crate::arm::shape::field::{Live, Row};
use crate::arm::shape::{Kind, Shape};
use crate::tree::{Key, Node};
use windtunnel_sim::plan::Reach;

/// The properties that a write of a resource changes, and what a write of each does.
pub fn changes(shape: &'static Shape, before: &Node, after: &Node) -> Vec<(String, Live)> {
    let mut found = Vec::new();
    object(shape, Live::AtStart, [Some(before), Some(after)], &mut found);
    found
}

/// What they take on the instances, beside image, extensions and health source: as much as the one that takes most.
pub fn of(changes: &[(String, Live)]) -> Reach {
    let taken = changes.iter().map(|(_, live)| if let Live::Takes(reach) = live { *reach } else { Reach::Nothing });
    taken.max().unwrap_or_default()
}

/// Those that stay as they were when the run began, as a message names them.
pub fn at_start(changes: &[(String, Live)]) -> Vec<String> {
    changes.iter().filter(|(_, live)| *live == Live::AtStart).map(|(key, _)| format!("`{key}`")).collect()
}

/// A node before the write, and after it.
type Pair<'n> = [Option<&'n Node>; 2];

fn object(shape: &'static Shape, around: Live, pair: Pair<'_>, found: &mut Vec<(String, Live)>) {
    let live = shape.live.unwrap_or(around);
    // What no row has counts with the object that it is in.
    for (Key { text: key, .. }, _) in pair.into_iter().flatten().flat_map(Node::entries) {
        let inner = shape.inner.filter(|_| key.eq_ignore_ascii_case("properties")).map(Kind::Object);
        let row = shape.row(key);
        let kind = inner.or_else(|| row.map(Row::kind)).unwrap_or(Kind::Open);
        let values = pair.map(|node| node.and_then(|node| node.arm(key)));
        value(key, kind, row.and_then(Row::live).unwrap_or(live), values, found);
    }
}

/// The items of two lists that are the same one: by their names, or by their places where one has none.
fn paired<'n>([before, after]: [&'n [Node]; 2]) -> Vec<Pair<'n>> {
    if before.iter().chain(after).any(|item| item.name().is_none()) {
        let all = 0..before.len().max(after.len());
        return all.map(|at| [before.get(at), after.get(at)]).collect();
    }
    let same =
        |item: &'n Node, list: &'n [Node]| list.iter().find(|other| item.name().is_some_and(|of| other.is_named(of)));
    let mut pairs: Vec<Pair<'n>> = before.iter().map(|item| [Some(item), same(item, after)]).collect();
    pairs.extend(after.iter().filter(|item| same(item, before).is_none()).map(|item| [None, Some(item)]));
    pairs
}

fn value(key: &str, kind: Kind, live: Live, pair: Pair<'_>, found: &mut Vec<(String, Live)>) {
    match kind {
        _ if pair[0] == pair[1] => {}
        // What is new in a list, or goes, is so as a whole.
        Kind::Object(shape) if pair.contains(&None) && shape.live.is_some() => {
            found.push((key.to_owned(), shape.live.unwrap_or(live)));
        }
        Kind::Object(shape) if !shape.is_reference() => object(shape, live, pair, found),
        Kind::List(of @ Kind::Object(shape)) if !shape.is_reference() => {
            for pair in paired(pair.map(|node| node.map_or(&[][..], Node::items))) {
                value(key, *of, live, pair, found);
            }
        }
        _ if found.iter().any(|(known, does)| known == key && *does == live) => {}
        _ => found.push((key.to_owned(), live)),
    }
}
