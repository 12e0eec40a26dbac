//! The page `docs/scenario.md`: the reference of scenario keys, made from the table.

use super::keys::{ACCEPTANCE, SCENARIO};
use super::shape::{Kind, Need, Object};

const HEAD: &str = "# The scenario file

<!-- Generated from input/src/scenario/; `UPDATE=1 cargo test --test docs_scenario` writes it anew. -->

A scenario is one YAML file, or the same as strict JSON. Text is typed by the key it stands under: `no`, `1.20` and `010`
are never taken for something else, and quotes never change a meaning. Only nothing cannot be quoted: a plain `null`, `~` or
an empty value is the absence of one, as if its key were not there, and in quotes each is a text. Nor does the order of keys
mean anything. Durations are written as Azure writes them (`PT2M`, `P1D` is 24 hours) or as `2m 30s`; shares carry `%`,
rates carry `rps`. An unknown key is an error.

An editor that knows JSON Schema completes and explains the keys, given this first line:

```yaml
# yaml-language-server: $schema=../schema/scenario.json
```

## Resources

`resources` is the fleet in Azure's own words. Each element is one of

- an ARM resource inline: `type`, `name`, `location`, `sku`, `zones`, `properties`; a plain name is accepted wherever
  ARM wants a resource id, and `balancer/pool` where a pool's name alone would be ambiguous;
- `{ template: file.json, parameters: file.json }`: an ARM template with its parameters; `set: { name: value }` overrides
  single parameters;
- `{ file: body.json }`: a REST body or the output of `az … show`.

Beside `template` or `file` may stand `overlay`, by names of resources: a patch on what the file says, as a policy is, but for
every policy and the run as written. So Azure's files stay as they are. What it gives need not have a value in the file, and it
is checked like a resource inline. Where resources of several types have one name, the type comes before it.

```yaml
resources:
  - template: web.json
    set: { capacity: 4 }
    overlay:
      vmss-web: { sku: { capacity: 6 } }
      loadBalancers/web: { sku: { name: Standard } }
```

Deployments of a template that link to a file beside it are followed; nothing is fetched.

Beside a resource, or beside `template` or `file`, may stand `accept`: states that Azure would refuse today and that the
resource is in all the same, by an older version of the API, in a preview, or by a change on another way. Each names the
rule at the end of the refusal and a reason, which is printed at the head of every run. Nothing else is loosened, and an
acceptance that nothing needs is an error.

```yaml
accept: [{ code: OS-01, reason: pinned by a script after automatic OS upgrade was enabled }]
```

An image is named `image/version` as under `images`, or by any ARM id that ends in `…/images/IMAGE/versions/VERSION`.

## Policies

A policy is a named patch on this file. The first key is the name of a resource (with its type before it where several have
the name: `autoscaleSettings/web`), or a key of the file. Mappings merge;
lists whose elements all have a `name` merge by name (`$remove: true` takes one out, an unknown name is appended); other
lists are replaced whole; `null` takes a key out. Within resources, keys match whatever their case. A patch that matches
nothing, or changes nothing, is an error. `as-written`, the empty patch, always exists.
";

/// The page.
#[must_use]
pub fn page() -> String {
    let mut text = String::from(HEAD);
    let mut done: Vec<&'static str> = Vec::new();
    let mut waiting = vec![&ACCEPTANCE, &SCENARIO];
    while let Some(object) = waiting.pop() {
        if done.contains(&object.name) {
            continue;
        }
        done.push(object.name);
        section(object, &mut text);
        let mut inner = Vec::new();
        for entry in object.entries {
            objects(&entry.kind, &mut inner);
        }
        waiting.extend(inner.into_iter().rev());
    }
    text
}

/// The section of a mapping.
pub(crate) fn section(object: &Object, text: &mut String) {
    *text += &format!("\n## {}\n\n{}\n\n", object.name, object.doc());
    let list: Vec<String> = object.choices().map(|key| format!("`{key}`")).collect();
    if !list.is_empty() {
        *text += &format!("Exactly one of {}.\n\n", list.join(", "));
    }
    *text += "| key | value | default | meaning |\n| --- | --- | --- | --- |\n";
    for entry in object.entries {
        let default = match entry.need {
            Need::Required => "required".into(),
            Need::Optional | Need::Choice => String::new(),
            Need::Default(value) => format!("`{}`", value.text()),
            Need::Assumed(which) => format!("assumption `{}`: {}", which.row().key, which.row().default),
        };
        *text += &format!("| `{}` | {} | {default} | {} |\n", entry.key, linked(&entry.kind), entry.doc());
    }
}

fn linked(kind: &Kind) -> String {
    match kind {
        Kind::Object(object) => format!("[{}](#{})", object.name, object.name.to_lowercase()),
        Kind::List(Kind::Any) => "list".into(),
        Kind::List(Kind::Text) => "list of texts".into(),
        Kind::List(of) => format!("list of {}", linked(of)),
        Kind::NonEmpty(of) => format!("list, not empty, of {}", linked(of)),
        Kind::MapOf(names, of) => format!("by {}: {}", names.what().trim_end_matches(','), linked(of)),
        Kind::Word(list) => list.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or "),
        Kind::Either(kinds) => kinds.iter().map(linked).collect::<Vec<_>>().join("; or "),
        other => other.words(),
    }
}

fn objects(kind: &Kind, found: &mut Vec<&'static Object>) {
    match kind {
        Kind::Object(object) => found.push(object),
        Kind::List(of) | Kind::NonEmpty(of) | Kind::MapOf(_, of) => objects(of, found),
        Kind::Either(kinds) => kinds.iter().for_each(|kind| objects(kind, found)),
        _ => {}
    }
}
