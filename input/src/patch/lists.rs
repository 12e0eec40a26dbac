//! Which element of a list an element of a patch means: by its name, by the values of which elements without names have a key
//! ([`shape::Keyed`]), or by its place.

use super::{Match, REPLACE, fresh, is_patch, marked, merge as merge_node, removes};
use crate::arm::shape::{Keyed, KnownBy};
use crate::problem::{Problem, Problems, count, suggest};
use crate::tree::{Key, Node, Value};

/// The key by which an element of a patch means the element at a place, counted from 0.
const AT: &str = "$at";

/// By what the elements of a list are known.
#[derive(Clone, Copy)]
pub(super) enum By {
    /// Every one has a name.
    Names,
    /// By these values.
    Values(&'static Keyed),
    /// By nothing but their places.
    Nothing,
}

impl By {
    /// Of a list whose elements have these keys.
    pub(super) fn of(how: Match, named: bool) -> Self {
        match how.known_by() {
            _ if named => Self::Names,
            KnownBy::Values(keyed) => Self::Values(keyed),
            KnownBy::Name | KnownBy::Nothing => Self::Nothing,
        }
    }
}

/// Whether every element has a name, so that a patch can say which it means.
pub(super) fn named(items: &[Node]) -> bool {
    items.iter().all(|item| item.name().is_some())
}

/// Merges the elements of a patch into a list, where they say which elements they mean. False where they do not: the list is replaced.
pub(super) fn merge(items: &mut Vec<Node>, changes: &[Node], how: Match, problems: &mut Problems) -> bool {
    if let [first, rest @ ..] = changes
        && is_replacement(first)
    {
        *items = rest.iter().map(|one| fresh(one, problems)).collect();
        return true;
    }
    let is_map = |one: &Node| matches!(one.value, Value::Map(_));
    let by = By::of(how, named(items) && changes.iter().all(|one| one.name().is_some() || one.get(AT).is_some()));
    let means_some =
        |one: &Node| one.get(AT).is_some() || matches!(by, By::Values(keyed) if removes(one) || !is_whole(one, keyed));
    let means = matches!(by, By::Names) || changes.iter().any(means_some);
    if changes.is_empty() || !means || !changes.iter().all(is_map) {
        return false;
    }
    let mut merged =
        Merged { at_first: items.len(), slots: std::mem::take(items).into_iter().map(Some).collect(), by, how };
    for change in changes {
        merged.one(change, problems);
    }
    items.extend(merged.slots.into_iter().flatten());
    true
}

/// Whether a list of a patch begins with it, and so stands in the place of the old one: `[{ $replace: true }, …]`.
fn is_replacement(first: &Node) -> bool {
    marked(first, REPLACE) && first.entries().len() == 1
}

/// Whether an element has all that Azure needs of it, so that it can stand alone.
fn is_whole(element: &Node, keyed: &Keyed) -> bool {
    keyed.whole.iter().all(|path| element.arm_path(path).is_some())
}

/// What an element of a patch means.
enum Meant {
    /// The element at this place.
    One(usize),
    /// None: it is a new one.
    New,
    /// What is wrong is said.
    Wrong,
}

/// A list into which a patch is merged.
struct Merged {
    /// Its elements, each until it is taken out, and those that are new.
    slots: Vec<Option<Node>>,
    /// How many there were at first: places are those of then.
    at_first: usize,
    by: By,
    how: Match,
}

impl Merged {
    fn one(&mut self, change: &Node, problems: &mut Problems) {
        match (self.meant(change, problems), removes(change)) {
            (Meant::One(at), true) => self.slots[at] = None,
            (Meant::One(at), false) => {
                let is_whole = change.get(AT).is_some() || marked(change, REPLACE);
                let change = match self.by {
                    // What it is known by is there already, whatever its case.
                    By::Values(keyed) if !is_whole => {
                        keyed.by.iter().fold(change.clone(), |change, path| without(change, path))
                    }
                    By::Values(_) | By::Names | By::Nothing => without(change.clone(), &[AT]),
                };
                if let Some(item) = &mut self.slots[at] {
                    merge_node(item, &change, self.how, problems);
                }
            }
            (Meant::New, true) => problems.push(self.nothing_to_remove(change)),
            (Meant::New, false) => self.slots.push(Some(fresh(change, problems))),
            (Meant::Wrong, _) => {}
        }
    }

    /// What an element of the patch means.
    fn meant(&self, change: &Node, problems: &mut Problems) -> Meant {
        if let Some(place) = change.get(AT) {
            return self.placed(place, problems).map_or(Meant::Wrong, Meant::One);
        }
        let problem = match self.by {
            By::Names => {
                let name = change.name().unwrap_or_default();
                let is = |item: &Node| item.name().is_some_and(|own| self.how.same(own, name));
                let found = self.slots.iter().position(|slot| slot.as_ref().is_some_and(is));
                return found.map_or(Meant::New, Meant::One);
            }
            By::Values(keyed) => match self.holding(change, keyed)[..] {
                [at] => return Meant::One(at),
                [] if is_whole(change, keyed) && !removes(change) => return Meant::New,
                [] => self.none_holds(change, keyed),
                ref several => self.several_hold(change, keyed, several),
            },
            By::Nothing => {
                let help = format!("give its place, `{AT}: 0` to `{AT}: {}`", self.at_first.saturating_sub(1));
                let problem = Problem::error("E0307", "an element does not say which of the list it means");
                problem.at(&change.span, "this element").help(help)
            }
        };
        problems.push(problem);
        Meant::Wrong
    }

    /// The element at a place.
    fn placed(&self, place: &Node, problems: &mut Problems) -> Option<usize> {
        let is_there = |at: &usize| *at < self.at_first && self.slots[*at].is_some();
        let at = place.text().and_then(|text| text.parse::<usize>().ok()).filter(is_there);
        if at.is_none() {
            let said = place.text().map_or_else(|| place.kind().to_owned(), |text| format!("`{text}`"));
            let message = format!("`{AT}` is {said}, and the list has {}", count(self.at_first, "element"));
            let help = match self.at_first {
                0 => "write the list without it".to_owned(),
                n => format!("places are counted from 0; write one from 0 to {}", n - 1),
            };
            problems.push(Problem::error("E0307", message).at(&place.span, "no place of the list").help(help));
        }
        at
    }

    /// Those that hold the values which the element of the patch gives of the key.
    fn holding(&self, change: &Node, keyed: &Keyed) -> Vec<usize> {
        let holds = |item: &Node| {
            keyed.by.iter().all(|path| match change.arm_path(path).and_then(Node::text) {
                Some(wanted) => item.arm_path(path).and_then(Node::text).is_some_and(|own| self.how.same(own, wanted)),
                None => true,
            })
        };
        let all = self.slots.iter().enumerate();
        all.filter(|(_, slot)| slot.as_ref().is_some_and(holds)).map(|(at, _)| at).collect()
    }

    fn none_holds(&self, change: &Node, keyed: &Keyed) -> Problem {
        let message = match given(change, keyed) {
            None => "an element means one of a list that has none".to_owned(),
            Some(given) => format!("no element of the list has {given}"),
        };
        let there: Vec<String> =
            self.slots.iter().flatten().map(|item| format!("`{}`", label(item, keyed).unwrap_or_default())).collect();
        let lacks: Vec<String> =
            keyed.whole.iter().filter(|path| change.arm_path(path).is_none()).map(|path| path.join(".")).collect();
        let mut help = match there.len() {
            0 => "the list is empty".to_owned(),
            _ => format!("the elements are {}", there.join(" and ")),
        };
        if !removes(change) {
            help += &format!("; one that is new needs {}, too", lacks.join(", "));
        }
        Problem::error("E0307", message).at(&change.span, "means no element").help(help)
    }

    fn several_hold(&self, change: &Node, keyed: &Keyed, several: &[usize]) -> Problem {
        let message = match given(change, keyed) {
            None => format!("an element does not say which of {} it means", several.len()),
            Some(given) => format!("{} of the list have {given}", count(several.len(), "element")),
        };
        let open: Vec<String> = keyed
            .by
            .iter()
            .filter(|path| change.arm_path(path).and_then(Node::text).is_none())
            .map(|path| format!("`{}`", path.join(".")))
            .collect();
        let places: Vec<String> = several.iter().map(|at| format!("`{AT}: {at}`")).collect();
        let by_place = format!("say which by its place: {}", places.join(" or "));
        let help = if open.is_empty() { by_place } else { format!("give {}, or {by_place}", open.join(" and ")) };
        Problem::error("E0307", message).at(&change.span, "means several elements").help(help)
    }

    fn nothing_to_remove(&self, change: &Node) -> Problem {
        let name = change.name().unwrap_or_default();
        let names: Vec<&str> = self.slots.iter().flatten().filter_map(Node::name).collect();
        let problem = Problem::error("E0304", format!("the patch removes `{name}`, which does not exist"));
        problem.at(&change.span, "nothing to remove").maybe_help(suggest(name, names))
    }
}

/// What an element of a patch gives of the key, for a message.
fn given(change: &Node, keyed: &Keyed) -> Option<String> {
    let value = |path: &&[&str]| Some(format!("`{}: {}`", path.join("."), change.arm_path(path)?.text()?));
    let list: Vec<String> = keyed.by.iter().filter_map(value).collect();
    (!list.is_empty()).then(|| list.join(" and "))
}

/// The values of the key of an element, as a path names it: `Percentage CPU, Increase`.
pub(super) fn label(item: &Node, keyed: &Keyed) -> Option<String> {
    let values: Option<Vec<&str>> = keyed.by.iter().map(|path| item.arm_path(path)?.text()).collect();
    values.map(|values| values.join(", "))
}

/// An element that means the one at this place.
pub(super) fn at_place(place: usize, change: &Node) -> Node {
    let mut node = change.clone();
    if let Value::Map(entries) = &mut node.value {
        let key = Key { text: AT.to_owned(), span: change.span.clone() };
        entries.insert(0, (key, Node::scalar(&change.span, place.to_string())));
    }
    node
}

/// A mapping without what is at a path of it.
fn without(mut node: Node, path: &[&str]) -> Node {
    if let (Value::Map(entries), [first, rest @ ..]) = (&mut node.value, path) {
        if rest.is_empty() {
            entries.retain(|(key, _)| !key.text.eq_ignore_ascii_case(first));
        } else {
            let at = entries.iter_mut().filter(|(key, _)| key.text.eq_ignore_ascii_case(first));
            at.for_each(|(_, inner)| *inner = without(inner.clone(), rest));
        }
    }
    node
}

/// The same without what only says how a patch merges.
pub(super) fn without_marks(node: &Node) -> Node {
    let value = match &node.value {
        Value::Map(entries) => {
            let is_mark = |(key, value): &&(Key, Node)| key.text == REPLACE && value.text() == Some("true");
            let kept = entries.iter().filter(|entry| !is_mark(entry));
            let inner = |key: &Key, value: &Node| if is_patch(key) { value.clone() } else { without_marks(value) };
            Value::Map(kept.map(|(key, value)| (key.clone(), inner(key, value))).collect())
        }
        Value::Seq(items) => Value::Seq(items.iter().filter(|item| !is_replacement(item)).map(without_marks).collect()),
        other => other.clone(),
    };
    Node { span: node.span.clone(), value }
}

/// Refuses places of a list that is not there.
pub(super) fn refuse_places(patch: &Node, problems: &mut Problems) {
    for item in patch.items() {
        if let Some(place) = item.get(AT) {
            let problem = Problem::error("E0307", format!("`{AT}` means an element of a list that is not there"));
            problems.push(problem.at(&place.span, "no such list").help("write the list without it"));
        }
        refuse_places(item, problems);
    }
    let inside = patch.entries().iter().filter(|(key, _)| !is_patch(key));
    inside.for_each(|(_, inner)| refuse_places(inner, problems));
}
