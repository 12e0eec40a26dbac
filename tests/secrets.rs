//! Of a file that is not what it should be, messages name the path and what was expected, and show none of its text.

use std::fs;
use std::process::Command;

/// Files that a scenario of a stranger might name. Each holds a word that must not come out.
const SECRETS: [(&str, &str); 9] = [
    ("passwd", "S3CRET:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:S3CRET:/usr/sbin:/usr/sbin/nologin\n"),
    ("environ", "HOME=/root\0TOKEN=S3CRET\0PATH=/bin\0"),
    (
        "id_rsa",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nS3CRETb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
    ),
    ("config.json", "{\"auths\": {\"ghcr.io\": {\"auth\": \"S3CRET\"}, \"S3CRET\": 1, \"S3CRET\": 2}}"),
    ("broken.json", "{\"token\": \"S3CRET\" \"S3CRET\"}"),
    ("bare.json", "S3CRET"),
    ("sp.json", "{\"clientSecret\": \"S3CRET\", \"url\": \"https://login.microsoftonline.com\", \"type\": \"S3CRET\"}"),
    ("secret.yaml", "apiVersion: v1\nkind: Secret\ndata: { password: S3CRET }\n"),
    ("kube.csv", "user,password\nroot,S3CRET\n"),
];

const HEAD: &str = "windtunnel: 1
title: t
horizon: PT1H
";
const SET: &str = "resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 1 }
    properties:
      orchestrationMode: Uniform
      virtualMachineProfile:
        storageProfile: { imageReference: { id: web/1.0.0 } }
        networkProfile:
          networkInterfaceConfigurations:
            - name: nic
              properties: { ipConfigurations: [{ name: ip, properties: { loadBalancerBackendAddressPools: [{ id: lb/pool }] } }] }
  - type: Microsoft.Network/loadBalancers
    name: lb
    location: eastus
    properties: { backendAddressPools: [{ name: pool }] }
images: { web: { 1.0.0: {} } }
";
const TEMPLATE: &str = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "resources": [] }"#;

struct Place(tempfile::TempDir);

impl Place {
    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, text).expect("written");
    }

    /// Refused, with the path and without the secret.
    fn refused(&self, args: &[&str], path: &str) {
        let done = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
            .current_dir(self.0.path())
            .args(args)
            .output()
            .expect("it runs");
        let said = [&done.stdout[..], &done.stderr[..]].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(matches!(done.status.code(), Some(2 | 8)), "{args:?}: {said}");
        assert!(!said.contains("S3CRET"), "{args:?} shows the secret:\n{said}");
        assert!(said.contains(path), "{args:?} does not name {path}:\n{said}");
    }
}

#[test]
fn no_text_of_a_file_that_is_not_what_it_should_be_is_shown() {
    let place = Place(tempfile::tempdir().expect("a temporary folder"));
    place.write("template.json", TEMPLATE);
    place.write(
        "sound.yaml",
        &format!("{HEAD}{SET}expect: [{{ name: e, measure: capacity.peak_instances, atMost: 9 }}]\n"),
    );
    for (name, text) in SECRETS {
        let file = format!("secrets/{name}");
        place.write(&file, text);
        for verb in ["check", "run", "compare", "test", "verify"] {
            for args in [&[verb, &file][..], &[verb, &file, "--format", "json"]] {
                if verb != "verify" || args.len() == 2 {
                    place.refused(args, &file);
                }
            }
        }
        for (named, rest) in [
            (format!("resources: [{{ template: {file} }}]\n"), ""),
            (format!("resources: [{{ file: {file} }}]\n"), ""),
            (format!("resources: [{{ template: template.json, parameters: {file} }}]\n"), ""),
            (format!("{SET}traffic: {{ lb: {{ demand: {{ trace: {file} }} }} }}\n"), ""),
        ] {
            place.write("naming.yaml", &format!("{HEAD}{named}{rest}"));
            for verb in ["check", "run"] {
                place.refused(&[verb, "naming.yaml"], &file);
            }
        }
        place.refused(&["check", "template.json", "--parameters", &file], &file);
        place.write("baseline/sound.json", text);
        place.refused(&["test", "sound.yaml", "-n", "2", "--baseline", "baseline"], "baseline/sound.json");
        for of in ["plan.json", "summary.json"] {
            let done = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
                .current_dir(place.0.path())
                .args(["run", "sound.yaml", "--out", "run", "--force"])
                .output()
                .expect("it runs");
            assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
            place.write(&format!("run/{of}"), text);
            place.refused(&["why", "run", "1"], &format!("run/{of}"));
            place.refused(&["status", "run", "--at", "PT5M"], &format!("run/{of}"));
        }
    }
}

/// A broken file of the right kind still shows where.
#[test]
fn a_broken_file_of_the_right_kind_shows_its_place() {
    let place = Place(tempfile::tempdir().expect("a temporary folder"));
    place.write("t.json", &TEMPLATE.replace("[]", "none"));
    place.write("s.yaml", &format!("{HEAD}resources: [{{ template: t.json }}]\n"));
    let done = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
        .current_dir(place.0.path())
        .args(["check", "s.yaml"])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.contains("\"resources\": none") && said.contains("^ expected a value"), "{said}");
}
