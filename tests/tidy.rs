//! The house rules that a program can check. Each check is tried on a fault planted for it before the house is held to it.

#[path = "tidy/house.rs"]
mod house;
#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/pages.rs"]
mod pages;
#[path = "tidy/rooms.rs"]
mod rooms;
#[path = "tidy/seams.rs"]
mod seams;
#[path = "tidy/sizes.rs"]
mod sizes;
#[path = "tidy/wording.rs"]
mod wording;

use house::House;

/// Fails unless the check finds the planted fault and nothing else.
fn hold(check: fn(&House) -> Vec<String>, plant: fn(&House) -> House) {
    let house = House::on_disk();
    let as_is = check(house);
    let planted = check(&plant(house));
    let found = planted.iter().filter(|line| !as_is.contains(line)).count();
    assert!(found > 0, "the check does not find the fault that was planted for it");
    assert!(as_is.is_empty(), "{} untidy places:\n  {}", as_is.len(), as_is.join("\n  "));
}

/// A test for each check: its claim, what checks it, and a fault that it must find.
macro_rules! checks {
    ($($claim:ident: $check:path, finds $plant:expr;)+) => {
        $(#[test]
        fn $claim() {
            hold($check, $plant);
        })+
    };
}

checks! {
    no_file_has_grown_two_jobs: sizes::files, finds |house| house.with("src/long.rs", &"\n".repeat(601));
    no_function_is_too_long_to_read: sizes::functions,
        finds |house| house.with("input/src/long.rs", &format!("pub fn long() {{\n{}}}\n", "    step();\n".repeat(70)));
    no_line_runs_off_the_screen: sizes::columns,
        finds |house| house.with("sim/tests/wide.rs", &format!("let {} = \"text\";\n", "x".repeat(141)));

    data_flows_one_way: layers::of_the_program,
        finds |house| house.with("src/output/up.rs", "use crate::commands::run;\n");
    data_flows_one_way_in_the_simulator: layers::of_the_simulator,
        finds |house| house.with("sim/src/engine/up.rs", "use crate::world::World;\n");
    the_measures_never_read_the_world: layers::barred,
        finds |house| house.with("sim/src/measure/peek.rs", "use crate::world::World;\n");
    every_folder_has_its_row: layers::rows, finds |house| house.with("src/attic/box.rs", "");
    a_crate_depends_on_those_below_it: layers::manifests,
        finds |house| house.with("words/Cargo.toml", "[dependencies]\nwindtunnel-input = { path = \"../input\" }\n");
    the_simulator_is_pure: layers::simulator,
        finds |house| house.with("sim/src/engine/clock.rs", "let now = std::time::Instant::now();\n");
    the_layers_below_output_are_pure: layers::pure_layers,
        finds |house| house.with("experiment/src/peek.rs", "let text = std::fs::read_to_string(path);\n");
    the_layers_below_output_need_no_terminal: layers::pure_layers,
        finds |house| house.with("input/Cargo.toml", "rayon = \"1\"\n");

    a_room_calls_verbs_only_of_rooms_below_it: rooms::ranks, finds |house| {
        house.with("sim/src/azure/load_balancer/up.rs", "fn up() {\n    scale_set::set_capacity(world, cx, 3);\n}\n")
            .with("sim/src/azure/scale_set/verb.rs", "pub fn set_capacity(\n    world: &mut World,\n    count: u32,\n) {}\n")
    };
    a_room_changes_its_own_rows_only: rooms::writes,
        finds |house| house.with("sim/src/azure/scale_set/reach.rs", "world.instances.rows[3].state = Gone;\n");

    the_map_counts_the_edges_against_the_ranks: rooms::edges,
        finds |house| house.with("sim/src/azure/scale_set/reach.rs", "let open = octopus::is_open(world);\n");

    one_writer_makes_every_table: seams::tables,
        finds |house| house.with("src/output/rogue.rs", "let out = csv::Writer::from_writer(file);\n");
    only_the_disk_room_changes_the_disk: seams::disk,
        finds |house| house.with("src/commands/rogue.rs", "std::fs::write(path, text)?;\n");
    formats_are_declared_in_one_place: seams::formats,
        finds |house| house.with("src/output/rogue.rs", "json!({ \"schemaVersion\": 3 })\n");
    a_match_over_every_kind_has_no_catch_all: seams::closed_matches,
        finds |house| house.with("sim/src/world/fact/rogue.rs", "match fact {\n    Fact::RunStarted => Some(1),\n    _ => None,\n}\n");
    nobody_reads_a_citation_as_data: seams::citations,
        finds |house| house.with("sim/src/measure/rogue.rs", "if record.rule == rules::LB_16 {}\n");
    nobody_cuts_a_sentence_back_into_data: seams::sentences,
        finds |house| house.with("input/src/rogue.rs", "let name = problem\n    .message\n    .split('`')\n    .nth(1);\n");
    nobody_asks_an_advice_what_it_is: seams::sentences,
        finds |house| house.with("src/rogue.rs", "let is = problem.help.is_some_and(|help| help.starts_with(\"did\"));\n");
    the_assumptions_that_are_said_to_be_read_are_those_that_are_read: seams::assumptions,
        finds |house| house.with("sim/src/azure/rogue.rs", "let phase = cx.assume(key::RoutingProberCount);\n");
    nothing_unfinished_and_nothing_of_the_workshop_is_left: seams::finished,
        finds |house| house.with("src/rogue.rs", concat!("// TO", "DO: later\n"));
    the_tests_that_rules_name_are_there: seams::proofs,
        finds |house| house.changed("sim/tests/proofs/balancer.rs", "fn ", "fn renamed_");

    the_pages_are_there: pages::there, finds |house| house.with("CONTRIBUTING.md", "`.ci/never`\n");
    the_paths_that_pages_name_are_there: pages::paths, finds |house| house.with("CONTRIBUTING.md", "`src/attic/box.rs`\n");
    the_drawing_of_the_layers_is_that_of_the_crates: pages::drawing,
        finds |house| house.changed("ARCHITECTURE.md", "| `words` |", "| `wards` |");

    no_page_has_a_pet_word: wording::pages, finds |house| house.with("README.md", concat!("\nEach run is a sto", "ry.\n"));
    no_message_has_a_pet_word: wording::messages,
        finds |house| house.with("src/commands/rogue.rs", concat!("bail!(\"one draw of lu", "ck\");\n"));
    no_name_has_a_pet_word: wording::names,
        finds |house| house.with("src/commands/rogue.rs", concat!("struct OneSto", "ry;\n"));
    no_name_in_a_test_has_a_pet_word: wording::names,
        finds |house| house.with("sim/tests/rogue.rs", concat!("fn keyed_by_bir", "th() {}\n"));
    no_comment_has_a_pet_word: wording::comments,
        finds |house| house.with("sim/src/rogue.rs", concat!("// What a guest is to", "ld.\n"));
    no_scenario_has_a_pet_word: wording::scenarios,
        finds |house| house.with("scenarios/rogue.yaml", concat!("policies: {}  # the deletion takes wh", "om it names\n"));
    no_scenario_has_a_code_that_nothing_explains: wording::scenarios,
        finds |house| house.with("scenarios/rogue.yaml", concat!("policies: {}  # all or nothing (P", "-38)\n"));
    no_file_has_a_pet_word_in_its_name: wording::files, finds |house| house.with(concat!("src/output/sto", "ry.rs"), "\n");
    the_map_has_every_folder: pages::map, finds |house| house.with("src/attic/box.rs", "\n");
    the_map_has_the_rooms_in_the_order_of_their_ranks: pages::rooms,
        finds |house| house.changed("ARCHITECTURE.md", "`capacity`, `load_balancer`", "`load_balancer`, `capacity`");
    the_invariants_name_what_checks_them: pages::invariants,
        finds |house| house.changed("ARCHITECTURE.md", "`data_flows_one_way`", "`data_flows_uphill`");
}
