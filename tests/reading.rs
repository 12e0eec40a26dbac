//! Reading: text stays text, places are right, and nothing makes the reader panic.

use proptest::prelude::*;
use windtunnel::input::json::{self, Dialect};
use windtunnel::input::read::read_text;
use windtunnel::input::tree::{Node, Source};
use windtunnel::input::{LoadOptions, Problems, load_text};

fn read(name: &str, text: &str) -> (Option<Node>, Problems) {
    let mut problems = Problems::new();
    let node = read_text(name, text.to_owned(), &mut problems);
    (node, problems)
}

fn codes(problems: &Problems) -> Vec<&str> {
    problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn scalars_keep_their_source_text() {
    let text = "a: no\nb: 1.20\nc: 010\nd: 12:30\ne: \"null\"\nf: null\ng: ~\nh:\ni: Null\nj: 0x1F\nk: 'it''s'\n";
    let (node, problems) = read("a.yaml", text);
    let node = node.expect("it reads");
    assert!(problems.is_empty());
    let shown: Vec<Option<&str>> = node.entries().iter().map(|(_, value)| value.text()).collect();
    let some = |text| Some(text);
    assert_eq!(
        shown,
        [
            some("no"),
            some("1.20"),
            some("010"),
            some("12:30"),
            some("null"),
            None,
            None,
            None,
            some("Null"),
            some("0x1F"),
            some("it's")
        ]
    );
}

#[test]
fn places_are_bytes_of_the_file_even_behind_a_byte_order_mark() {
    let text = "\u{feff}# ä\nname: [one, {two: \"drei\"}]\n";
    let (node, _) = read("a.yaml", text);
    let node = node.expect("it reads");
    let (key, list) = &node.entries()[0];
    assert_eq!(&text[key.span.start..key.span.end], "name");
    assert_eq!(&text[list.span.start..list.span.end], "[one, {two: \"drei\"}]");
    let (two, drei) = &list.items()[1].entries()[0];
    assert_eq!((&text[two.span.start..two.span.end], &text[drei.span.start..drei.span.end]), ("two", "\"drei\""));
    assert_eq!((key.span.line(), key.span.column()), (2, 1));
}

#[test]
fn json_is_read_with_what_templates_carry_beside_it() {
    let text = "{ // which set\n \"name\": \"a\\u00e4\\ud83d\\ude00\\/\", \"zones\": [\"1\", 2,], \"name\": \"b\" }";
    let mut problems = Problems::new();
    let source = std::sync::Arc::new(Source { name: "a.json".to_owned(), text: text.to_owned(), hidden: false });
    let node = json::parse(&source, Dialect::Azure, &mut problems).expect("it reads");
    assert_eq!(node.get("name").and_then(Node::text), Some("b"));
    assert_eq!(codes(&problems), ["N0306"]);
    let (strict, problems) = read("a.json", text);
    assert!(strict.is_none());
    assert_eq!(codes(&problems), ["E0104"]);
    for strange in ["[1,]", "[1 /* one */]", "[\"a\nb\"]", "[\"\\'\"]"] {
        assert_eq!(codes(&read("a.json", strange).1), ["E0104"], "{strange}");
    }
    assert_eq!(codes(&read("a.json", "{\"a\": 1, \"a\": 2}").1), ["E0105"]);
    let (node, _) = read("a.json", "{\"a\": \"\\ud83d\\ude00\\u00e4\"}");
    assert_eq!(node.expect("it reads").get("a").and_then(Node::text), Some("😀ä"));
}

#[test]
fn hostile_files_are_refused_in_time() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let last = level - 1;
        bomb += &format!(
            "a{level}: &a{level} [*a{last}, *a{last}, *a{last}, *a{last}, *a{last}, *a{last}, *a{last}, *a{last}]\n"
        );
    }
    assert_eq!(codes(&read("a.yaml", &bomb).1), ["E0106"]);
    for (name, open) in [("a.yaml", "["), ("a.json", "["), ("a.yaml", "{a: "), ("a.json", "{\"a\":")] {
        let (node, problems) = read(name, &open.repeat(100_000));
        assert!(node.is_none());
        assert_eq!(codes(&problems).len(), 1, "{name} {open}");
    }
    assert_eq!(codes(&read("a.yaml", "a: &a [*a]\n").1).len(), 1);
    assert_eq!(codes(&read("a.yaml", "a: !include secrets\n").1), ["E0114"]);
    assert_eq!(codes(&read("a.yaml", "a: 1\n---\nb: 2\n").1), ["E0114"]);
}

#[test]
fn files_that_cannot_be_read_are_problems() {
    let folder = tempfile::tempdir().expect("a folder");
    let latin = folder.path().join("latin.yaml");
    std::fs::write(&latin, b"title: caf\xe9\n").expect("written");
    for (path, code) in [(folder.path(), "E0101"), (&folder.path().join("none.yaml"), "E0101"), (&latin, "E0102")] {
        let report = windtunnel::input::load(path, &LoadOptions::default()).expect_err("it cannot be read");
        assert_eq!(codes(report.problems()), [code]);
    }
}

const SCENARIO: &str = include_str!("../scenarios/stale-image-scale-out.yaml");

/// Pieces that upset readers of text.
const PIECES: &[&str] = &[
    "",
    "\t",
    ":",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "&a ",
    "*a",
    "!x ",
    "~",
    "null",
    "\u{feff}",
    "ß",
    "\r",
    "%",
    "-1",
    "P1M",
    "99999999999999999999",
    "#",
    "|\n",
    "$remove: true",
    "\n\n",
    "0",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loading_mutated_scenarios_never_panics(
        cuts in prop::collection::vec((0.0..1.0_f64, 0_usize..40, 0..PIECES.len()), 1..4),
        json in any::<bool>(),
    ) {
        let mut text = SCENARIO.to_owned();
        for (at, length, piece) in cuts {
            let start = text.floor_char_boundary((text.len() as f64 * at) as usize);
            let end = text.floor_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, PIECES[piece]);
        }
        let name = if json { "scenarios/mutated.json" } else { "scenarios/mutated.yaml" };
        if let Err(report) = load_text(name, text, &LoadOptions::default()) {
            let shown = report.to_string();
            prop_assert!(shown.contains("error"));
            prop_assert!(report.to_json().is_array());
        }
    }
}
