//! The JSON Schema (draft 07) of the scenario file, for completion and hovering in editors, made from the table of keys.

use super::expectations::known_measures;
use super::keys::{ACCEPTANCES, SCENARIO};
use super::shape::{Entry, Kind, Names, Need, Object};
use serde_json::{Map, Value, json};
use windtunnel_claims::quantity;

const DURATION: &str =
    r"^(P(?=.)([0-9]+W)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]{1,3})?S)?)?|[0-9].*[a-zA-Zµ])$";

/// Quantities over time that a scenario names itself.
const OPEN_QUANTITY: &str = "^series\\.(code|rotation_code|image)_.+$";

/// The names that an expectation can ask for in any scenario.
fn measures_and_quantities() -> Vec<String> {
    known_measures().map(str::to_owned).chain(quantity::names().into_iter().map(|(name, _)| name)).collect()
}

/// The schema.
#[must_use]
pub fn schema() -> Value {
    let mut definitions = Map::new();
    define(&SCENARIO, &mut definitions);
    let mut root = definitions.remove(SCENARIO.name).unwrap_or_default();
    if let Some(map) = root.as_object_mut() {
        let own = std::mem::take(map);
        map.insert("$schema".into(), "http://json-schema.org/draft-07/schema#".into());
        map.insert("title".into(), "Windtunnel scenario".into());
        map.extend(own);
        map.insert("definitions".into(), Value::Object(definitions));
    }
    root
}

/// The schema as it stands in `schema/scenario.json`.
#[must_use]
pub fn page() -> String {
    format!("{:#}\n", schema())
}

fn define(object: &'static Object, definitions: &mut Map<String, Value>) {
    if definitions.contains_key(object.name) {
        return;
    }
    // The place is taken first, so that objects that hold each other end.
    definitions.insert(object.name.into(), Value::Null);
    let mut properties = Map::new();
    for entry in object.entries {
        let mut value = of(&entry.kind, definitions);
        if (object.name, entry.key) == ("Expectation", "measure") {
            value = json!({ "anyOf": [
                { "type": "string", "enum": measures_and_quantities() },
                { "type": "string", "pattern": OPEN_QUANTITY },
            ] });
        }
        if (object.name, entry.key) == (SCENARIO.name, "resources") {
            // A resource has whatever keys Azure has, and those of ours.
            let accept = of(&ACCEPTANCES, definitions);
            let overlay = json!({ "type": "object", "additionalProperties": { "type": "object" } });
            value["items"] = json!({ "type": "object", "properties": { "accept": accept, "overlay": overlay } });
        }
        properties.insert(entry.key.into(), described(value, entry));
    }
    if object.name == SCENARIO.name {
        properties.insert(
            "$schema".into(),
            json!({ "type": "string", "description": "the schema of this file, for editors" }),
        );
    }
    let required = object.entries.iter().filter(|entry| matches!(entry.need, Need::Required));
    let required: Vec<&str> = required.map(|entry| entry.key).collect();
    let mut schema = json!({ "type": "object", "description": object.doc(), "additionalProperties": false, "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    let choices: Vec<Value> = object.choices().map(|key| json!({ "required": [key] })).collect();
    if !choices.is_empty() {
        schema["oneOf"] = choices.into();
    }
    definitions.insert(object.name.into(), schema);
}

fn described(mut value: Value, entry: &Entry) -> Value {
    if value.get("$ref").is_some() {
        // Draft 07 ignores what stands beside a reference.
        value = json!({ "allOf": [value] });
    }
    value["description"] = match entry.need {
        Need::Assumed(which) => format!("{}; absent, the assumption `{}`", entry.doc(), which.row().key).into(),
        _ => entry.doc().into(),
    };
    if let Need::Default(default) = entry.need {
        value["default"] = default.json();
    }
    value
}

fn of(kind: &Kind, definitions: &mut Map<String, Value>) -> Value {
    match kind {
        Kind::Text => json!({ "type": ["string", "number"] }),
        Kind::Scalar => json!({ "type": ["string", "number", "boolean"] }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Integer(min, i64::MAX) => json!({ "type": "integer", "minimum": min }),
        Kind::Integer(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Number(min, max) => json!({ "type": "number", "minimum": min, "maximum": max }),
        Kind::Duration | Kind::SomeTime => {
            json!({ "type": "string", "pattern": DURATION, "examples": ["PT2M", "2m", "P1D"] })
        }
        // A length of time, a civil time, a time of day, or an entry of the timeline: any text may be a name.
        Kind::Moment | Kind::SomeMoment => {
            json!({ "type": "string", "examples": ["PT14M", "09:12", "2026-11-24T09:12:00Z", "scale out + 2m30s"] })
        }
        Kind::Percent(..) | Kind::OpenShare => {
            json!({ "type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?%$", "examples": ["20%"] })
        }
        Kind::Rate | Kind::SomeRate => {
            json!({ "type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?rps$", "examples": ["300 rps"] })
        }
        Kind::Timestamp => {
            json!({ "type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", "examples": ["2026-03-10T09:00:00Z"] })
        }
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::List(inner) => json!({ "type": "array", "items": of(inner, definitions) }),
        Kind::NonEmpty(inner) => json!({ "type": "array", "minItems": 1, "items": of(inner, definitions) }),
        Kind::MapOf(Names::Of(_), inner) => json!({ "type": "object", "additionalProperties": of(inner, definitions) }),
        Kind::MapOf(Names::TimesOfDay, inner) => {
            keyed("^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$", of(inner, definitions))
        }
        Kind::MapOf(Names::Zones, inner) => keyed("^[0-3]$", of(inner, definitions)),
        Kind::MapOf(Names::Paths, inner) => keyed("^(/.*|tcp)$", of(inner, definitions)),
        Kind::Object(object) => {
            define(object, definitions);
            json!({ "$ref": format!("#/definitions/{}", object.name) })
        }
        Kind::Either(kinds) => json!({ "anyOf": kinds.iter().map(|kind| of(kind, definitions)).collect::<Vec<_>>() }),
        Kind::Any => json!({}),
    }
}

/// A mapping whose keys have a form.
fn keyed(pattern: &str, of: Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "patternProperties": { pattern: of } })
}
