//! Two changes as one, and where the bad versions of a scenario are made good.

use serde_json::{Map, Value as Json, json};

/// Both patches as one; none where both say something of the same value.
#[must_use]
pub fn together(one: &Json, other: &Json) -> Option<Json> {
    match (one, other) {
        // What the one removes the other cannot change.
        (Json::Object(a), Json::Object(b)) if a != b && [a, b].iter().any(|of| of.contains_key("$remove")) => None,
        (Json::Object(one), Json::Object(other)) => {
            let mut all = one.clone();
            for (key, value) in other {
                let own = all.get(key);
                let merged = own.map_or_else(|| Some(value.clone()), |own| together(own, value))?;
                all.insert(key.clone(), merged);
            }
            Some(Json::Object(all))
        }
        (Json::Array(one), Json::Array(other)) => lists(one, other),
        _ => (one == other).then(|| one.clone()),
    }
}

/// Lists of named things by name; other lists only where they are the same.
fn lists(one: &[Json], other: &[Json]) -> Option<Json> {
    let mut all = one.to_vec();
    if one == other {
        return Some(Json::Array(all));
    }
    for value in other {
        let name = value.get("name")?;
        match all.iter_mut().find(|own| own.get("name") == Some(name)) {
            Some(own) => *own = together(own, value)?,
            None => all.push(value.clone()),
        }
    }
    all.iter().all(|own| own.get("name").is_some()).then_some(Json::Array(all))
}

/// What of a version makes it bad.
const BAD: [&str; 5] = ["bad", "degrades", "cannot", "cannotReach", "bootFailure"];

/// What makes the bad versions of a scenario good, with the names `image/version` of those; none where it has none.
#[must_use]
pub fn good(scenario: &Json) -> Option<(Json, Vec<String>)> {
    let mut names = Vec::new();
    let mut images = Map::new();
    for (image, versions) in scenario["images"].as_object()? {
        let mut own = Map::new();
        for (version, what) in versions.as_object()? {
            if what["bad"] == json!(true) || what["bad"] == json!("true") {
                names.push(format!("{image}/{version}"));
                let gone = BAD.into_iter().filter(|key| what.get(key).is_some());
                own.insert(version.clone(), gone.map(|key| (key.to_owned(), Json::Null)).collect());
            }
        }
        if !own.is_empty() {
            images.insert(image.clone(), Json::Object(own));
        }
    }
    (!names.is_empty()).then(|| (json!({ "images": images }), names))
}

#[cfg(test)]
mod tests {
    use super::{good, together};
    use serde_json::json;

    /// Lists of named things are one list; a value that both set otherwise is none of both.
    #[test]
    fn two_patches_are_one_unless_they_contradict() {
        let one = json!({ "lb": { "probes": [{ "name": "a", "path": "/x" }] }, "timeline": [{ "name": "p", "$remove": true }] });
        let other = json!({ "lb": { "probes": [{ "name": "b", "path": "/y" }] }, "vmss": { "sku": 1 } });
        let both = together(&one, &other).expect("they do not contradict");
        assert_eq!(both["lb"]["probes"], json!([{ "name": "a", "path": "/x" }, { "name": "b", "path": "/y" }]));
        assert_eq!((&both["vmss"]["sku"], &both["timeline"][0]["$remove"]), (&json!(1), &json!(true)));
        assert_eq!(together(&one, &json!({ "lb": { "probes": [{ "name": "a", "path": "/z" }] } })), None);
        let moved = json!({ "timeline": [{ "name": "p", "at": "PT5M" }] });
        assert_eq!(together(&one, &moved), None);
        assert_eq!(together(&json!({ "a": [1] }), &json!({ "a": [2] })), None);
        assert_eq!(together(&json!({ "a": [1] }), &json!({ "a": [1] })), Some(json!({ "a": [1] })));
    }

    #[test]
    fn only_what_makes_a_version_bad_is_taken_from_it() {
        let scenario = json!({ "images": { "shop": {
            "7.0.0": { "code": "v7" }, "8.0.0": { "code": "v8", "bad": true, "degrades": { "after": "PT7M" } } } } });
        let (patch, names) = good(&scenario).expect("one is bad");
        assert_eq!(patch, json!({ "images": { "shop": { "8.0.0": { "bad": null, "degrades": null } } } }));
        assert_eq!(names, ["shop/8.0.0"]);
        assert_eq!(good(&json!({ "images": { "shop": { "7.0.0": {} } } })), None);
        assert_eq!(good(&json!({})), None);
    }
}
