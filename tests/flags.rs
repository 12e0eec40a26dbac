//! No flag is ignored in silence: it does what it says, or is refused with what to do instead.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A template with a scale set, for `check`.
const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": { "count": { "type": "int", "defaultValue": 2 } },
  "resources": [{
    "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "vmss", "location": "eastus",
    "sku": { "name": "Standard_D2s_v5", "capacity": "[parameters('count')]" },
    "properties": { "orchestrationMode": "Uniform" }
  }]
}"#;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a temporary folder"));
        assert_eq!(place.said(&["new", "small"]).0, Some(0));
        fs::write(place.0.path().join("web.json"), TEMPLATE).expect("written");
        let body = TEMPLATE.split_once("[{").and_then(|(_, rest)| rest.rsplit_once("}]")).expect("a resource").0;
        let body = format!("{{{}}}", body.replace("\"[parameters('count')]\"", "2"));
        fs::write(place.0.path().join("body.json"), body).expect("written");
        place
    }

    fn said(&self, args: &[&str]) -> (Option<i32>, String) {
        let done = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
            .current_dir(self.0.path())
            .args(args)
            .output()
            .expect("it runs");
        let both = [&done.stdout[..], &done.stderr[..]].concat();
        (done.status.code(), String::from_utf8_lossy(&both).into_owned())
    }

    fn refused(&self, args: &[&str], words: &str) {
        let (code, said) = self.said(args);
        assert_eq!(code, Some(2), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: no `{words}` in\n{said}");
        assert!(!Path::new(&self.0.path().join("reports")).exists(), "{args:?} writes nothing");
    }
}

#[test]
fn parameters_beside_no_template_are_refused() {
    let place = Place::new();
    let scenario = "is for templates, but none of these files is a template";
    place.refused(&["check", "small.yaml", "--set", "a=b"], scenario);
    place.refused(&["check", "small.yaml", "--parameters", "nosuch.json"], scenario);
    place.refused(&["check", "body.json", "--set", "a=b"], scenario);
    place.refused(&["check", "web.json", "--set", "count=2", "--set", "Count=3"], "is given twice");
    place.refused(&["check", "web.json", "--set", "cuont=3"], "did you mean `count`?");
    place.refused(&["check", "web.json", "--parameters", "nosuch.json"], "there is no file `nosuch.json`");
    // In a scenario likewise.
    for given in ["set: { count: 3 }", "parameters: web.json"] {
        let text = format!("windtunnel: 1\ntitle: t\nhorizon: PT1H\nresources: [{{ template: body.json, {given} }}]\n");
        fs::write(place.0.path().join("of.yaml"), text).expect("written");
        place.refused(&["check", "of.yaml"], "`body.json` is not a template, so it has no parameters");
    }
    let (code, said) = place.said(&["check", "web.json", "small.yaml", "--set", "count=7"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_flag_that_would_mean_nothing_is_refused() {
    let place = Place::new();
    let auto = "needs --replications auto";
    for flag in [&["--measure", "downtime.full_s"][..], &["--precision", "2"], &["--at-most", "50"]] {
        place.refused(&[&["compare", "small.yaml"][..], flag].concat(), auto);
    }
    place.refused(&["compare", "small.yaml", "-n", "auto", "--measure", "no.such"], "there is no measure `no.such`");
    place.refused(&["verify", "--random", "0"], "0 is not in 1..");
    place.refused(&["verify", "--random", "3", "--policy", "as-written"], "cannot be used with");
    place.refused(&["verify", "small.yaml", "--random", "3"], "cannot be used with");
    place.refused(&["test", "small.yaml", "--update-baseline"], "--baseline <DIR>");
    place.refused(&["rules", "--count", "LB"], "cannot be used with");
    place.refused(&["rules", "LB-01", "--status", "absent"], "LB-01 is approximated; remove --status");
    // Its machines boot and nothing more: a probe that is late decides nothing.
    let unprobed = fs::read_to_string(place.0.path().join("small.yaml")).expect("it is there");
    assert!(unprobed.contains("horizon: "), "{unprobed}");
    let (head, rest) = unprobed.split_once("horizon: ").expect("a horizon");
    let rest = rest.split_once('\n').expect("a line").1;
    fs::write(place.0.path().join("short.yaml"), format!("{head}horizon: PT1S\n{rest}")).expect("written");
    place.refused(&["verify", "short.yaml", "--plant-fault"], "the planted fault changed nothing");
}

/// 2^64 - 1 is the last seed. Five from 2^64 - 5 on are the last five.
#[test]
fn seeds_never_begin_again() {
    let place = Place::new();
    let last = u64::MAX.to_string();
    let fifth = (u64::MAX - 4).to_string();
    let words = format!("begin at {fifth} or lower");
    place.refused(&["test", "small.yaml", "--seed", &last, "-n", "5"], &words);
    place.refused(&["compare", "small.yaml", "--seed", &last, "-n", "5"], &words);
    place.refused(&["compare", "small.yaml", "--seed", &last, "-n", "auto", "--at-most", "5"], &words);
    place.refused(&["verify", "--random", "5", "--seed", &last], &words);
    let (code, said) = place.said(&["test", "small.yaml", "--seed", &fifth, "-n", "5"]);
    assert!(matches!(code, Some(0 | 3 | 7)), "{said}");
    let (code, said) = place.said(&["verify", "--random", "2", "--seed", &(u64::MAX - 1).to_string()]);
    assert_eq!(code, Some(0), "{said}");
}
