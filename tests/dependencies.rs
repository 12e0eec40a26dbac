//! What the program is built on: every dependency of a crate is used by it; licences, sources and bans are those of `deny.toml`. Each check
//! is tried on a fault planted for it.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What cargo knows of all packages of the lock, without a network.
fn metadata() -> Vec<Value> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args(["metadata", "--offline", "--locked", "--format-version", "1"]);
    let output = cargo.output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let all: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    all["packages"].as_array().expect("a list").clone()
}

/// The texts of a list in `deny.toml`: `allow = [ "MIT", … ]`.
fn list(key: &str) -> BTreeSet<String> {
    let text = include_str!("../deny.toml");
    let (_, rest) = text.split_once(&format!("\n{key} = [")).unwrap_or_else(|| panic!("deny.toml has {key}"));
    let (list, _) = rest.split_once(']').expect("the list ends");
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// Whether a licence expression can be met with the licences that are allowed: one of each `OR`, all of each `AND`. `/` is an old OR.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    plain.split(" AND ").all(|part| part.split(" OR ").any(|one| allowed.contains(one.trim())))
}

fn licences(packages: &[Value]) -> Vec<String> {
    let allowed = list("allow");
    let bad = packages.iter().filter(|package| !is_met(text(package, "license"), &allowed));
    bad.map(|package| format!("{}: licence {}", text(package, "name"), package["license"])).collect()
}

/// Packages that are banned, and those from elsewhere than here and the registry.
fn strangers(packages: &[Value]) -> Vec<String> {
    let (banned, registries) = (list("deny"), list("allow-registry"));
    let is_known = |package: &&Value| match package["source"].as_str() {
        None => true,
        Some(source) => source.strip_prefix("registry+").is_some_and(|registry| registries.contains(registry)),
    };
    let bad = packages.iter().filter(|package| banned.contains(text(package, "name")) || !is_known(package));
    bad.map(|package| format!("{} from {}", text(package, "name"), package["source"])).collect()
}

/// Every Rust file below a folder, in one text.
fn sources(folder: &Path, out: &mut String) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|end| end == "rs") {
            *out += &fs::read_to_string(&path).expect("it is text");
        }
    }
}

/// Dependencies of our own crates that none of their files names.
fn unused(packages: &[Value]) -> Vec<String> {
    let mut unused = Vec::new();
    for package in packages.iter().filter(|package| package["source"].is_null()) {
        let folder = PathBuf::from(text(package, "manifest_path")).parent().expect("it has one").to_owned();
        let (mut code, mut tests) = (String::new(), String::new());
        sources(&folder.join("src"), &mut code);
        for own in ["tests", "benches"] {
            sources(&folder.join(own), &mut tests);
        }
        // A program of it may lie elsewhere.
        for target in package["targets"].as_array().expect("a list") {
            tests += &fs::read_to_string(text(target, "src_path")).expect("it is text");
        }
        for dependency in package["dependencies"].as_array().expect("a list") {
            let name = dependency["rename"].as_str().unwrap_or_else(|| text(dependency, "name")).replace('-', "_");
            let is_named = |code: &str| {
                code.match_indices(&name).any(|(at, _)| {
                    let is_word = |letter: Option<char>| letter.is_some_and(|one| one.is_alphanumeric() || one == '_');
                    !is_word(code[..at].chars().next_back()) && !is_word(code[at + name.len()..].chars().next())
                })
            };
            let in_tests = dependency["kind"] == "dev" && is_named(&tests);
            if !is_named(&code) && !in_tests {
                unused.push(format!("{} names {name} nowhere", text(package, "name")));
            }
        }
    }
    unused
}

/// Fails unless the check finds the planted fault and nothing else.
fn hold(check: fn(&[Value]) -> Vec<String>, plant: impl FnOnce(&mut Vec<Value>)) {
    let mut packages = metadata();
    assert!(packages.len() > 100, "{} packages", packages.len());
    let as_is = check(&packages);
    assert!(as_is.is_empty(), "{}", as_is.join("\n"));
    plant(&mut packages);
    assert_eq!(check(&packages).len(), 1, "the planted fault");
}

#[test]
fn every_dependency_is_used() {
    hold(unused, |packages| {
        let own = packages.iter_mut().find(|package| text(package, "name") == "windtunnel-words").expect("it is ours");
        own["dependencies"].as_array_mut().expect("a list").push(json!({ "name": "comfy-table", "kind": null }));
    });
}

#[test]
fn every_licence_is_allowed() {
    hold(licences, |packages| packages.push(json!({ "name": "x", "license": "MIT AND GPL-3.0-only" })));
}

#[test]
fn no_package_is_banned_or_from_elsewhere() {
    let stranger = |name: &str, source: &str| json!({ "name": name, "source": source });
    hold(strangers, |packages| packages.push(stranger("x", "git+https://example.com/x")));
    hold(strangers, |packages| {
        packages.push(stranger("openssl", "registry+https://github.com/rust-lang/crates.io-index"));
    });
}
