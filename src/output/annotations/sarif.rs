//! Annotations as results of SARIF 2.1.0.

use super::{Annotation, Place, relative};
use crate::input::report::severity_word;
use serde_json::{Value, json};
use std::path::Path;

/// A log with one run; each result names one of the rules.
pub(crate) fn log(rules: Vec<Value>, results: Vec<Value>) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "windtunnel",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// A result; what it has beside that is the caller's.
pub(crate) fn result(one: &Annotation, rules: &[Value], workspace: Option<&Path>) -> Value {
    let mut result = json!({
        "ruleId": one.code,
        "ruleIndex": rules.iter().position(|rule| rule["id"] == one.code),
        "level": severity_word(one.severity),
        "message": { "text": one.message },
        "partialFingerprints": { "windtunnel/v1": one.fingerprint() },
    });
    if let Some(place) = &one.place {
        let artifact = json!({ "uri": uri(&relative(Path::new(&place.file), workspace)) });
        result["locations"] =
            json!([{ "physicalLocation": { "artifactLocation": artifact, "region": region(place) } }]);
    }
    result
}

fn region(place: &Place) -> Value {
    let mut region = json!({ "startLine": place.line });
    if let Some(column) = place.column {
        region["startColumn"] = column.into();
    }
    if let Some((line, column)) = place.end {
        region["endLine"] = line.into();
        region["endColumn"] = column.into();
    }
    region
}

/// A path as a reference of a URI: relative as it was given, or `file:` where it is absolute.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let text = path.replace('\\', "/");
    let coded: String = text
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    match (Path::new(path).is_absolute(), text.starts_with('/')) {
        (true, true) => format!("file://{coded}"),
        (true, false) => format!("file:///{coded}"),
        (false, _) => coded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference() {
        assert_eq!(uri("infra/a b:c#.json"), "infra/a%20b%3Ac%23.json");
        assert_eq!(uri("/é.json"), "file:///%C3%A9.json");
    }
}
