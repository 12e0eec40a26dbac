//! The rooms of the simulator: which may act on which.

use super::house::{House, before_tests, code_lines};

/// A room: its name, its rank, and its files.
struct Room<'h> {
    name: &'h str,
    files: Vec<(&'h str, &'h str)>,
}

/// The names of the rooms as the rows of `rooms!` stand, lowest rank first.
pub fn names(house: &House) -> Vec<&str> {
    let world = house.text("sim/src/world/mod.rs");
    let rows = world.split("\nrooms! {").nth(1).and_then(|rest| rest.split("\n}").next()).expect("the rooms have rows");
    let rows = rows.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.is_empty());
    rows.map(|line| line.trim_end_matches(',')).collect()
}

/// The rooms with their files, lowest rank first.
fn rooms(house: &House) -> Vec<Room<'_>> {
    let names = names(house).into_iter();
    names
        .map(|name| {
            let is_of = |path: &str| {
                ["azure", "delivery", "demand"].iter().any(|folder| {
                    let place = format!("sim/src/{folder}/{name}");
                    path == format!("{place}.rs") || path.starts_with(&format!("{place}/"))
                })
            };
            let files: Vec<_> = house.rust(&["sim/src"]).filter(|(path, _)| is_of(path)).collect();
            assert!(!files.is_empty(), "the room {name} has no file");
            Room { name, files }
        })
        .collect()
}

/// The names of the functions of a room that change the world: those that take it by `&mut`, however their signatures are broken.
fn verbs(room: &Room<'_>) -> Vec<String> {
    let mut verbs = Vec::new();
    for (_, text) in &room.files {
        for rest in before_tests(text).split("pub fn ").skip(1) {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let arguments = rest.split('{').next().unwrap_or_default();
            if arguments.contains("world: &mut World") {
                verbs.push(name);
            }
        }
    }
    verbs
}

/// A room calls verbs of rooms below it only, from whichever of its files.
pub fn ranks(house: &House) -> Vec<String> {
    let rooms = rooms(house);
    assert!(rooms.len() >= 20, "only {} rooms were found", rooms.len());
    let mut untidy = Vec::new();
    for (rank, room) in rooms.iter().enumerate() {
        for above in &rooms[rank + 1..] {
            let (verbs, call) = (verbs(above), format!("{}::", above.name));
            for (path, text) in &room.files {
                for (number, line) in code_lines(before_tests(text)) {
                    for rest in line.split(&call).skip(1) {
                        let verb: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                        if rest[verb.len()..].starts_with('(') && verbs.contains(&verb) {
                            untidy.push(format!(
                                "{path}:{number}: calls {}::{verb}, a verb of a room above it",
                                above.name
                            ));
                        }
                    }
                }
            }
        }
    }
    untidy
}

/// A room changes its own rows and no other's: another's it changes by a verb of that room.
pub fn writes(house: &House) -> Vec<String> {
    let rooms = rooms(house);
    let mut untidy = Vec::new();
    for room in &rooms {
        for (path, text) in &room.files {
            for (number, line) in code_lines(before_tests(text)) {
                for other in rooms.iter().filter(|other| other.name != room.name) {
                    let field = format!("world.{}.", other.name);
                    let changes = |rest: &str| {
                        let place = rest.split([' ', ';', ')']).next().unwrap_or_default();
                        let behind = rest[place.len()..].trim_start();
                        let assigned = ["= ", "+= ", "-= ", "|= ", "&= "].iter().any(|sign| behind.starts_with(sign));
                        let calls = [".push(", ".insert(", ".remove(", ".clear(", ".retain(", ".take(", ".replace("];
                        assigned || calls.iter().any(|call| rest.split(';').next().unwrap_or_default().contains(call))
                    };
                    let borrowed = line.contains(&format!("&mut world.{}.", other.name));
                    if borrowed || line.split(&field).skip(1).any(changes) {
                        untidy.push(format!("{path}:{number}: changes a row of {}: {}", other.name, line.trim()));
                    }
                }
            }
        }
    }
    untidy
}

/// What rooms read of rooms above them: pairs of names, by a path into the other's room or a row of it in the world.
fn readings(house: &House) -> Vec<(&str, &str)> {
    let rooms = rooms(house);
    let mut edges = Vec::new();
    for (rank, room) in rooms.iter().enumerate() {
        for above in &rooms[rank + 1..] {
            let [path, row] = [format!("{}::", above.name), format!("world.{}.", above.name)];
            // A longer name may end like this one: `crate::…::timeline::` is no path into `line`.
            let names = |line: &str, of: &str| {
                line.match_indices(of)
                    .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "_:".contains(c)))
            };
            let reads = room.files.iter().any(|(_, text)| {
                let mut lines =
                    code_lines(before_tests(text)).filter(|(_, line)| !line.trim_start().starts_with("use "));
                lines.any(|(_, line)| names(line, &path) || names(line, &row))
            });
            if reads {
                edges.push((room.name, above.name));
            }
        }
    }
    edges
}

/// The map says of how many pairs of rooms the lower reads the upper.
pub fn edges(house: &House) -> Vec<String> {
    let edges = readings(house);
    let said = format!("Against the ranks there are {} edges", edges.len());
    let page = house.text("ARCHITECTURE.md");
    if page.contains(&said) { Vec::new() } else { vec![format!("ARCHITECTURE.md does not say `{said}`: {edges:?}")] }
}
