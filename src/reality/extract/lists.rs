//! Lists of instances: of timelines and of the table of placements, each list of a set once.

use super::super::case::{Call, Case, Spot};
use super::super::figures::{Figures, Kind};
use super::super::recordings::tables::Placement;
use super::super::runs::form;
use super::Place;
use std::collections::BTreeMap;

/// The lists of every set of every recording.
#[derive(Default)]
pub(super) struct Lists {
    sets: BTreeMap<String, OneSet>,
}

struct OneSet {
    place: Place,
    case: Option<Case>,
    /// Capacities that were written after the create: the list after them is another one.
    scaled: Vec<(u32, u32)>,
    lists: Vec<List>,
    /// The fault domain of each that was looked at.
    domains: BTreeMap<u32, u8>,
}

/// One list, in order: ids, and zones and domains where they are known.
#[derive(Clone, Debug, PartialEq)]
struct List {
    at: f64,
    members: Vec<(String, Option<u8>, Option<u8>)>,
    after: After,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum After {
    Create,
    ScaleIn(u32),
    Eviction,
    Deletion,
    Other,
}

impl List {
    fn ids(&self) -> Option<Vec<u32>> {
        let ids: Option<Vec<u32>> = self.members.iter().map(|(id, ..)| id.parse().ok()).collect();
        ids.map(|mut ids| {
            ids.sort_unstable();
            ids
        })
    }

    /// `0 3`, or `1@3 2@1` where the zones are known.
    fn words(&self) -> String {
        let mut members = self.members.clone();
        members.sort_by_key(|(id, ..)| id.parse::<u32>().ok());
        let one = |(id, zone, _): &(String, Option<u8>, Option<u8>)| match zone {
            Some(zone) => format!("{id}@{zone}"),
            None => id.clone(),
        };
        members.iter().map(one).collect::<Vec<_>>().join(" ")
    }
}

fn key(repo: &str, path: &str, day: &str, set: &str) -> String {
    format!("{repo} {path} {day} {set}")
}

fn joined(ids: &[u32]) -> String {
    ids.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
}

impl Lists {
    fn set(&mut self, place: &Place, set: &str) -> &mut OneSet {
        let key = key(&place.repo, &place.path, &place.day, set);
        let new = || OneSet {
            place: place.clone(),
            case: None,
            scaled: Vec::new(),
            lists: Vec::new(),
            domains: BTreeMap::new(),
        };
        self.sets.entry(key).or_insert_with(new)
    }

    /// A list of a timeline.
    pub(super) fn add(
        &mut self,
        place: &Place,
        set: &str,
        case: Option<Case>,
        at: f64,
        list: &[(String, Option<u8>)],
        evicts: bool,
    ) {
        // Whoever made the timeline may have put other names for those that are drawn.
        if list.iter().any(|(id, _)| id.starts_with('<')) {
            return;
        }
        let of = self.set(place, set);
        // The capacity that it was made with is that of its first list.
        of.case = of.case.take().or(case);
        let after = match of.scaled.last() {
            _ if list.is_empty() => After::Deletion,
            _ if evicts => After::Eviction,
            Some((from, to)) if to < from => After::ScaleIn(*from),
            Some(_) => After::Other,
            None => After::Create,
        };
        let members = list.iter().map(|(id, zone)| (id.clone(), *zone, None)).collect();
        of.lists.push(List { at, members, after });
    }

    /// The capacity of a set was written.
    pub(super) fn scaled(&mut self, place: &Place, set: &str, from: u32, to: u32) {
        self.set(place, set).scaled.push((from, to));
    }

    /// An instance was looked at.
    pub(super) fn domain(&mut self, place: &Place, set: &str, case: Option<Case>, id: u32, domain: u8) {
        let of = self.set(place, set);
        of.case = of.case.take().or(case);
        of.domains.insert(id, domain);
    }

    /// The rows of a table, but for what a timeline has.
    pub(super) fn add_rows(&mut self, rows: &[Placement]) {
        // What was least is the capacity, where it is not said: a surplus goes.
        let mut least: BTreeMap<&str, u32> = BTreeMap::new();
        let mut scaled: BTreeMap<&str, u32> = BTreeMap::new();
        for row in rows.iter().filter(|row| !row.instances.is_empty()) {
            if let Some((from, _)) = scale(&row.after) {
                scaled.insert(&row.source, from);
            }
            let size = u32::try_from(row.instances.len()).unwrap_or(u32::MAX);
            least.entry(&row.source).and_modify(|known| *known = size.min(*known)).or_insert(size);
        }
        for row in rows {
            let (place, set) = place_of(&row.source);
            let of = self.set(&place, &set);
            let after = row.after.to_ascii_lowercase();
            let after = match () {
                () if row.instances.is_empty() => After::Deletion,
                () if after.contains("simulateeviction") => After::Eviction,
                () if after.contains("delete") => After::Other,
                () => match scale(&after) {
                    Some((from, to)) if to < from => After::ScaleIn(from),
                    Some(_) => After::Other,
                    None => After::Create,
                },
            };
            let list = List { at: row.at, members: row.instances.clone(), after };
            let same = |known: &List| known.ids() == list.ids() && (known.at - list.at).abs() < 1.5;
            if let Some(known) = of.lists.iter_mut().find(|known| same(known)) {
                // Its table may know where they are.
                for (member, row) in known.members.iter_mut().zip(&list.members) {
                    (member.1, member.2) = (member.1.or(row.1), member.2.or(row.2));
                }
                continue;
            }
            // A table may have the capacity that was written last.
            let source = row.source.as_str();
            let capacity = scaled.get(source).copied().or(row.capacity).or_else(|| least.get(source).copied());
            if of.case.is_none() {
                of.case = capacity.filter(|capacity| *capacity > 0).map(|capacity| case_of(row, capacity));
            }
            of.lists.push(list);
        }
    }

    /// Everything becomes rows.
    pub(super) fn close(mut self, figures: &mut Figures) {
        for of in self.sets.values_mut() {
            of.lists.sort_by(|one, other| one.at.total_cmp(&other.at));
        }
        for of in self.sets.into_values() {
            of.close(figures);
        }
    }
}

/// The capacities of `scale 5->4`.
fn scale(after: &str) -> Option<(u32, u32)> {
    let (from, to) = after.strip_prefix("scale ")?.split_once("->")?;
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// `repo path day set`, where the words of the repository and the path are many.
fn place_of(source: &str) -> (Place, String) {
    let mut words: Vec<&str> = source.split(' ').collect();
    let set = words.pop().unwrap_or_default().to_owned();
    let day = words.pop().unwrap_or_default().to_owned();
    let path = words.iter().rposition(|word| !word.starts_with('(') && !word.ends_with(')')).unwrap_or(0);
    let (repo, path) = (words[..path].join(" "), words[path..].join(" "));
    (Place::new(&repo, &path, &day), set)
}

fn case_of(row: &Placement, capacity: u32) -> Case {
    let mut case = Case::new(Call::Create, capacity, capacity);
    case.flexible = row.mode.starts_with("Flexible");
    case.surplus = row.overprovision.unwrap_or(true) && !case.flexible;
    case.zones.clone_from(&row.zones);
    case.domains = row.domains;
    case.spot = matches!(row.priority.as_str(), "Spot" | "Low").then_some(Spot::Deallocate);
    case
}

/// The case as far as it matters to who is where: neither the system nor the extensions do, nor what becomes of the evicted.
fn placed(case: &Case, year: u16) -> Case {
    let spot = case.spot.map(|_| Spot::Deallocate);
    Case { windows: false, extensions: 0, policy: None, spot, ..case.clone() }.plain(year)
}

/// The rows of one set, each once.
struct Rows<'a> {
    figures: &'a mut Figures,
    place: &'a Place,
    known: Vec<(Kind, String)>,
}

impl Rows<'_> {
    fn once(&mut self, kind: Kind, case: Option<Case>, what: String) {
        let tag = (kind, what.clone());
        if kind == Kind::Left || !self.known.contains(&tag) {
            self.known.push(tag);
            self.figures.add((kind, case, what), None, self.place.from());
        }
    }

    fn left(&mut self, why: &str) {
        self.once(Kind::Left, None, why.to_owned());
    }
}

impl OneSet {
    fn close(self, figures: &mut Figures) {
        let Self { place, case, lists, mut domains, .. } = self;
        let mut rows = Rows { figures, place: &place, known: Vec::new() };
        let Some(case) = case.map(|case| placed(&case, place.year())) else {
            lists.iter().for_each(|_| rows.left("a list of instances: the capacity is not recorded"));
            return;
        };
        let mut kept: Option<Vec<u32>> = None;
        let mut largest: Vec<u32> = Vec::new();
        for list in &lists {
            let Some(ids) = list.ids() else {
                for (name, ..) in list.members.iter().filter(|_| case.flexible) {
                    rows.once(Kind::Fact, Some(case.clone()), format!("names={}", form(name)));
                }
                rows.left("who is listed of a Flexible set, whose names are drawn");
                continue;
            };
            if list.after == After::Create {
                rows.once(Kind::List, Some(case.clone()), list.words());
                if ids.len() == case.capacity as usize && kept.is_none() {
                    rows.once(Kind::Kept, Some(case.clone()), joined(&ids));
                    kept = Some(ids.clone());
                }
                if ids.len() > largest.len() {
                    largest = ids;
                }
            } else {
                later(&mut rows, &case, list.after, kept.as_deref(), &ids);
            }
        }
        for (id, _, domain) in lists.iter().flat_map(|list| &list.members) {
            if let (Ok(id), Some(domain)) = (id.parse(), domain) {
                domains.insert(id, *domain);
            }
        }
        for (id, domain) in domains {
            rows.once(Kind::Domain, Some(case.clone()), format!("{id}={domain}"));
        }
        // Where all of a surplus were seen, that is how many were created.
        let whole = largest.iter().enumerate().all(|(at, id)| at == *id as usize);
        if whole && largest.len() > case.capacity as usize {
            rows.once(Kind::Fact, Some(case), format!("created={}", largest.len()));
        }
    }
}

/// A list after more than the create.
fn later(rows: &mut Rows<'_>, case: &Case, after: After, kept: Option<&[u32]>, ids: &[u32]) {
    let year = rows.place.year();
    let left = |before: &[u32]| format!("{} > {}", joined(before), joined(ids));
    match (after, kept) {
        (After::Deletion, _) => {
            let all = Case { call: Call::Delete, surplus: false, domains: None, ..case.clone() };
            rows.once(Kind::Fact, Some(all), "instances=0".to_owned());
        }
        (After::ScaleIn(from), Some(before)) if before.len() == from as usize => {
            let of = u32::try_from(ids.len()).unwrap_or(u32::MAX);
            let case = Case { call: Call::ScaleIn, capacity: from, of, ..case.clone() }.plain(year);
            rows.once(Kind::Victim, Some(case), left(before));
        }
        (After::ScaleIn(_), _) => rows.left("a scale-in without the list before it"),
        (After::Eviction, Some(before)) if before.len() > ids.len() => {
            let evict = Case { call: Call::Evict, of: 1, spot: Some(Spot::Delete), ..case.clone() }.plain(year);
            rows.once(Kind::Victim, Some(evict), left(before));
        }
        // Who is evicted and not deleted is still listed.
        (After::Eviction, _) => {}
        (After::Create | After::Other, _) => rows.left("a list after another call"),
    }
}
