//! The first 50,000 mutants, or half a minute of them, so that what is tried does not hang on the machine. More:
//! `cargo run --release -p windtunnel-fuzz -- --seconds 3600`.

use std::process::Command;

#[test]
fn half_a_minute_of_mutants_finds_nothing() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_windtunnel-fuzz")).args(["--mutants", "50000", "--seconds", "30"]).output();
    let output = output.expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{said}");
    let mutants: u64 = said.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(0);
    assert!(mutants >= 1_000, "only {mutants} mutants in half a minute");
}
