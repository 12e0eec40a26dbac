//! Sets one value of a scenario, wherever it is: the place is found once, and the value written as often as one likes.
//!
//! A path is written as the place of a [`super::Change`] is shown: a resource by its name or a key of the file, and what leads on from
//! there. Keys may hold points themselves (`vm.boot_linux`, `8.0.0`): of the keys that a path may mean, the longest is taken.

use crate::arm::{reference, shape};
use crate::assumed;
use crate::problem::{Problem, Problems, suggest};
use crate::scenario::keys::scenario;
use crate::scenario::shape::{Kind, Names};
use crate::tree::{Key, Node, Span, Value};
use std::cell::OnceCell;
use windtunnel_sim::rules::{ASSUMPTIONS, Assumption};

/// The place of a value in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(Vec<Hop>);

/// A step to it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Hop {
    /// The key of a mapping, which is made where it is not there.
    Key(String),
    /// The element of a list.
    Item(usize),
    /// The key of an assumption, which is its default where it is not there.
    Assumption(&'static str),
}

/// What is known of a place without what stands there.
#[derive(Clone, Copy)]
enum Ground {
    /// Ours: what the table of keys says.
    Ours(Option<&'static Kind>),
    /// Azure's: what the shape of the resource says.
    Arm(Option<shape::Kind>),
    /// The assumptions.
    Assumptions,
}

/// Why a path leads nowhere.
struct Lost {
    /// What of it is not there.
    part: String,
    help: Option<String>,
}

impl Target {
    /// Finds a path in a scenario whose resources are in normal form; a problem, at `span`, where it leads nowhere.
    pub fn find(root: &Node, path: &str, span: &Span, problems: &mut Problems) -> Option<Self> {
        match find(root, path) {
            Ok(target) => Some(target),
            Err(Lost { part, help }) => {
                let problem = Problem::error("E0310", format!("the path `{path}` leads nowhere: there is no `{part}`"));
                problems.push(problem.at(span, "this path").maybe_help(help));
                None
            }
        }
    }

    /// Whether one of two places holds the other, or they are the same.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(own, other)| own == other)
    }

    /// What stands there.
    #[must_use]
    pub fn get<'n>(&self, root: &'n Node) -> Option<&'n Node> {
        self.0.iter().try_fold(root, |node, hop| match hop {
            Hop::Key(key) => node.get(key),
            Hop::Assumption(key) => node.get(key),
            Hop::Item(at) => node.items().get(*at),
        })
    }

    /// Writes a value there.
    pub fn set(&self, root: &mut Node, value: Node) {
        let span = value.span.clone();
        let mut node = root;
        for hop in &self.0 {
            node = match hop {
                Hop::Item(at) => match &mut node.value {
                    Value::Seq(items) if *at < items.len() => &mut items[*at],
                    _ => return,
                },
                Hop::Key(key) => entry(node, key, &span, || Node { span: span.clone(), value: Value::Map(Vec::new()) }),
                Hop::Assumption(key) => entry(node, key, &span, || match Assumption::by_key(key) {
                    Some(row) => assumed::tree(row.default, &span),
                    None => Node { span: span.clone(), value: Value::Map(Vec::new()) },
                }),
            };
        }
        *node = value;
    }
}

/// The value of a key of a mapping, which is made where it is not there; whatever else stood there goes.
fn entry<'n>(node: &'n mut Node, key: &str, span: &Span, fresh: impl FnOnce() -> Node) -> &'n mut Node {
    if !matches!(node.value, Value::Map(_)) {
        node.value = Value::Map(Vec::new());
    }
    let Value::Map(entries) = &mut node.value else { unreachable!("it was made one") };
    let at = entries.iter().position(|(known, _)| known.text == key);
    let at = at.unwrap_or_else(|| {
        entries.push((Key { text: key.to_owned(), span: span.clone() }, fresh()));
        entries.len() - 1
    });
    &mut entries[at].1
}

fn find(root: &Node, path: &str) -> Result<Target, Lost> {
    let mut hops = Vec::new();
    let mut rest = path.trim();
    let mut node = Some(root);
    let mut ground = Ground::Ours(Some(&scenario::MAPPING));
    // What an assumption is that the scenario does not state.
    let default: OnceCell<Node> = OnceCell::new();
    if let Some((at, resource, behind)) = resource(root, rest)? {
        hops.extend([Hop::Key("resources".to_owned()), Hop::Item(at)]);
        let kind = resource.arm("type").and_then(Node::text).and_then(shape::resource);
        (node, rest, ground) = (Some(resource), behind, Ground::Arm(kind.map(|(_, shape)| shape::Kind::Object(shape))));
    }
    if rest.is_empty() {
        return Err(Lost { part: path.to_owned(), help: Some("name a value of it".to_owned()) });
    }
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (name, behind) = inner.split_once(']').ok_or_else(|| Lost { part: rest.to_owned(), help: None })?;
            let at = element(node, name)?;
            hops.push(Hop::Item(at));
            node = node.and_then(|node| node.items().get(at));
            (rest, ground) = (behind, ground.element());
            continue;
        }
        let (hop, taken, next) = key(node, ground, rest.trim_start_matches('.'))?;
        node = match &hop {
            Hop::Key(key) => node.and_then(|node| node.get(key)),
            Hop::Assumption(key) => node.and_then(|node| node.get(key)).or_else(|| {
                let row = Assumption::by_key(key)?;
                Some(default.get_or_init(|| assumed::tree(row.default, &root.span)))
            }),
            Hop::Item(_) => None,
        };
        hops.push(hop);
        (rest, ground) = (&rest.trim_start_matches('.')[taken..], next);
    }
    Ok(Target(hops))
}

/// The resource with which a path begins, and what is left of the path.
fn resource<'n, 'p>(root: &'n Node, path: &'p str) -> Result<Option<(usize, &'n Node, &'p str)>, Lost> {
    let items = scenario::RESOURCES.items(root);
    let ends: Vec<usize> =
        path.char_indices().filter(|(_, letter)| matches!(letter, '.' | '[')).map(|(at, _)| at).collect();
    // The longest name first: a resource may be called `web.eu`.
    for end in ends.into_iter().rev().chain([path.len()]) {
        let meant: Vec<usize> = (0..items.len()).filter(|at| reference::is_meant(&items[*at], &path[..end])).collect();
        match meant[..] {
            [at] => return Ok(Some((at, &items[at], &path[end..]))),
            [] => {}
            _ => {
                let help =
                    "several resources have this name: write the type before it, as in `virtualMachineScaleSets/web`";
                return Err(Lost { part: path[..end].to_owned(), help: Some(help.to_owned()) });
            }
        }
    }
    Ok(None)
}

/// The element of a list by its name or its place.
fn element(node: Option<&Node>, name: &str) -> Result<usize, Lost> {
    let items = node.map_or(&[][..], Node::items);
    let named = items.iter().position(|item| item.is_named(name));
    let placed = || name.parse::<usize>().ok().filter(|at| *at < items.len());
    named.or_else(placed).ok_or_else(|| {
        let names: Vec<&str> = items.iter().filter_map(Node::name).collect();
        let help = suggest(name, names.iter().copied());
        let listed = || match (names.len(), items.len()) {
            (0, 0) => "the list is empty, or there is none".to_owned(),
            (0, n) => format!("its elements have no names; write a place, `[0]` to `[{}]`", n - 1),
            _ => format!("its elements are {}", names.join(", ")),
        };
        Lost { part: format!("[{name}]"), help: Some(help.unwrap_or_else(listed)) }
    })
}

/// Which key a path begins with, how many letters of the path it takes, and what is known of what stands there.
fn key(node: Option<&Node>, ground: Ground, rest: &str) -> Result<(Hop, usize, Ground), Lost> {
    let is_arm = matches!(ground, Ground::Arm(_));
    let begins = |key: &str| {
        let same = match rest.get(..key.len()) {
            Some(start) if is_arm => start.eq_ignore_ascii_case(key),
            Some(start) => start == key,
            None => false,
        };
        same && matches!(rest[key.len()..].chars().next(), None | Some('.' | '['))
    };
    let there: Vec<&str> = node.map_or(&[][..], Node::entries).iter().map(|(key, _)| key.text.as_str()).collect();
    let known: Vec<&'static str> = ground.known();
    let longest =
        |keys: &[&str]| keys.iter().filter(|key| begins(key)).map(|key| (*key).to_owned()).max_by_key(String::len);
    if let Ground::Assumptions = ground {
        let row = ASSUMPTIONS.iter().filter(|row| begins(row.key)).max_by_key(|row| row.key.len());
        return match row {
            Some(row) => Ok((Hop::Assumption(row.key), row.key.len(), Ground::Ours(None))),
            None => {
                let end = rest.find('[').unwrap_or(rest.len());
                let help = suggest(&rest[..end], ASSUMPTIONS.iter().map(|row| row.key));
                Err(Lost {
                    part: rest.to_owned(),
                    help: help.or_else(|| Some("`windtunnel assumptions` lists them".into())),
                })
            }
        };
    }
    match longest(&there).or_else(|| longest(&known)) {
        Some(key) => {
            let (taken, next) = (key.len(), ground.at(&key));
            Ok((Hop::Key(key), taken, next))
        }
        None => {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let part = rest[..end].to_owned();
            let resources = node.map_or(&[][..], |node| scenario::RESOURCES.items(node));
            let mut names: Vec<&str> = resources.iter().filter_map(Node::name).chain(there.iter().copied()).collect();
            names.extend(known.iter().filter(|key| !there.iter().any(|own| own.eq_ignore_ascii_case(key))));
            let single =
                node.and_then(Node::text).map(|text| format!("what stands there is the single value `{text}`"));
            let help = single.or_else(|| suggest(&part, names.iter().copied())).or_else(|| {
                let some = names.iter().take(12).copied().collect::<Vec<_>>().join(", ");
                (!some.is_empty()).then(|| format!("what is there: {some}"))
            });
            Err(Lost { part, help })
        }
    }
}

impl Ground {
    /// The keys that there may be, though they are not there.
    fn known(self) -> Vec<&'static str> {
        match self {
            Self::Ours(Some(kind)) => keys_of(kind),
            Self::Arm(Some(shape::Kind::Object(shape))) => {
                let inner = shape.inner.map(|_| "properties");
                shape.rows.iter().map(|row| row.key()).chain(inner).collect()
            }
            Self::Ours(None) | Self::Arm(_) | Self::Assumptions => Vec::new(),
        }
    }

    fn at(self, key: &str) -> Self {
        match self {
            Self::Ours(Some(kind)) => match at_key(kind, key) {
                Some(Kind::MapOf(Names::Of("key of an assumption"), _)) => Self::Assumptions,
                found => Self::Ours(found),
            },
            Self::Ours(None) | Self::Assumptions => Self::Ours(None),
            Self::Arm(kind) => Self::Arm(kind.and_then(|kind| kind.at(key))),
        }
    }

    fn element(self) -> Self {
        match self {
            Self::Ours(Some(Kind::List(of) | Kind::NonEmpty(of))) => Self::Ours(Some(of)),
            Self::Ours(_) | Self::Assumptions => Self::Ours(None),
            Self::Arm(kind) => Self::Arm(kind.and_then(|kind| kind.element())),
        }
    }
}

fn keys_of(kind: &'static Kind) -> Vec<&'static str> {
    match kind {
        Kind::Object(object) => object.known().collect(),
        Kind::Either(kinds) => kinds.iter().flat_map(keys_of).collect(),
        _ => Vec::new(),
    }
}

fn at_key(kind: &'static Kind, key: &str) -> Option<&'static Kind> {
    match kind {
        Kind::Object(object) => object.entry(key).map(|entry| &entry.kind),
        Kind::MapOf(_, of) => Some(of),
        Kind::Either(kinds) => kinds.iter().find_map(|kind| at_key(kind, key)),
        _ => None,
    }
}
