//! The page `docs/scenario.md`: the reference of scenario keys, made from the table.

use super::keys::{ACCEPTANCE, SCENARIO};
use super::shape::{Kind, Need, Object};
use crate::arm::shape::{self, Kind as ArmKind, KnownBy, Shape};

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
the name: `autoscaleSettings/web`), or a key of the file. Mappings merge; `null` takes a key out. Within resources, keys match
whatever their case. A patch that matches nothing, or changes nothing, is an error. `as-written`, the empty patch, always exists.

Lists merge where an element of the patch says which element of the list it means; all others are replaced whole:

- in a list whose elements all have a `name`, by the name: an unknown one is appended;
- in a list whose elements are known by other values (the table below), by those values, if an element of
  the patch leaves out something that Azure needs of it. Beside such an element, one that is written out whole and has other values is
  appended. A patch of which each element is written out whole replaces the list;
- in every list of mappings, by its place: `$at: 0` is the first.

`$remove: true` in an element takes that one out. A list that begins with `{ $replace: true }` is replaced whole by what follows, and a
mapping that has `$replace: true` by its other keys. An element that means none or several is an error (E0307).

```yaml
policies:
  later:          # one of two rules, by its metric and its direction
    scale-web:
      properties:
        profiles:
          - name: usual
            rules: [{ metricTrigger: { metricName: Percentage CPU }, scaleAction: { direction: Increase, cooldown: PT10M } }]
```

";

/// What stands below the table of lists.
const SOURCES: &str = "
`windtunnel diff OLD NEW --patch` prints the policy that makes the fleet of one template, of a plan of Terraform or of a folder of them
another.

`file` under `policies` names files of policies, which several scenarios share: a path or a list of them, relative to the scenario, with
`*` and `?` in the last part. A file is one policy, which has the name of the file without its ending, or has several under `policies`. Two
policies of one name are an error.

A policy can be a template, `{ template, parameters, set, overlay }` or `{ file, overlay }` as under `resources`: its expressions are
evaluated, and its resources stand for those of the file of `resources` that has the same name, of the only file, or of the one that
`replaces` names. What the policy does not say of `parameters`, `set`, `overlay` and `accept` is as it is there. Other keys beside it are a
patch on the result. Paths in a file of policies are relative to that file.

```yaml
policies:
  file: ../policies/*.yaml
  pr: { template: ../infra/new.json }
```
";

/// The page.
#[must_use]
pub fn page() -> String {
    let mut text = format!("{HEAD}{}{SOURCES}", lists());
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

/// By what a patch knows the elements of each list of a resource, where that is not a name.
fn lists() -> String {
    let mut text = String::from("| list | an element is known by |\n| --- | --- |\n");
    for (kind, shape) in shape::RESOURCES {
        of_shape(shape, "", &mut |path, known_by| {
            let by = match known_by {
                KnownBy::Name => return,
                KnownBy::Values(keyed) => {
                    keyed.by.iter().map(|path| format!("`{}`", path.join("."))).collect::<Vec<_>>().join(" and ")
                }
                KnownBy::Nothing => "nothing: replaced whole".to_owned(),
            };
            text += &format!("| `{path}` of `{}` | {by} |\n", shape::without_namespace(kind));
        });
    }
    text
}

/// The lists of an object and of those within, each under its path.
fn of_shape(shape: &'static Shape, prefix: &str, each: &mut dyn FnMut(&str, KnownBy)) {
    for row in shape.rows {
        let path = format!("{prefix}{}", row.key());
        match row.kind() {
            ArmKind::List(of) => {
                each(&path, of.known_by());
                if let ArmKind::Object(item) = of {
                    of_shape(item, &format!("{path}[]."), each);
                }
            }
            ArmKind::Zones => each(&path, KnownBy::Nothing),
            ArmKind::Object(inner) => of_shape(inner, &format!("{path}."), each),
            _ => {}
        }
    }
    if let Some(inner) = shape.inner {
        of_shape(inner, &format!("{prefix}properties."), each);
    }
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
