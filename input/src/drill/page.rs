//! The page `docs/drills.md`: the library, the names that a fleet gives, and how a drill is written.

use super::handles::Handle;
use super::keys::{Need, drill, parameter};
use super::{Drill, LIBRARY};
use crate::scenario::reference::section;
use windtunnel_sim::plan::Word as _;

const HEAD: &str = "# Drills

<!-- Generated from input/src/drill/ and scenarios/drills/; `UPDATE=1 cargo test --test docs_drills` writes it anew. -->

`windtunnel drill PATH…` needs no scenario. It reads the files of a fleet, drafts a scenario of it as `windtunnel import` does, fits
these incidents to it, runs each with a hundred seeds, and prints a scorecard. `--out DIR` writes it as a page, as JSON, and each
incident as the scenario that was run.

An incident *holds* where the objective is met in every run, and *broke* where it is met in none. Where no users are known, it holds
in a run that makes at most 20 % of the instances bad at once. One that cannot happen to a fleet is left out and says why.

The one change that would help most is searched among the fixes of `windtunnel lint` and the policies of the drills, by simulation
with the same seeds: all with six seeds in the incidents that are not held, and the three most promising ones with all seeds in all
incidents. None is advised with which a good rollout does not come to its end, and each comes with what it costs: how much longer a
good rollout takes, and how many instance hours more there are. How long that is is counted from the first instance that is taken to the
new version. What a change turned to held is counted against the fleet without it, with the same seeds.

A probe of `/` or of another page of the server is taken to notice nothing that the application behind it lacks, as `windtunnel lint`
does; where `probesAskFor` names a dependency, every other path asks for it.

With `--against PATH` the fleet in PATH is the one before; with `--against REF` it is the same one in a git revision. Both are
drilled with the same seeds and with the measures of the one before (capacity, demand, times), and each difference is that of
pairs of runs. The exit code is then about the change: 3 if some incident is surely worse, else 0: it surely harms more, was held
and is not, or could not happen before and is not held now; or a good image came to its end before and never does. The first line
of the scorecard names them. Without, it is 3 if an incident is not held.

[`windtunnel test drills --fleet`](guide/drill.md#as-tests-a-red-check-on-the-first-day) makes a test of each incident.
";

const WRITING: &str = "
## To write one

Copy a file of `scenarios/drills/`, change it, and give it with `--drills FILE|DIR`. What is under `scenario` has the keys of
[a scenario](scenario.md) and is laid over that of the fleet as a policy is. It has no `resources`: a drill changes the world around
a fleet. Its `policies` are changes of the fleet that may help; they take part in the search.

In texts and keys, `$(NAME)` stands for a parameter or for something of the fleet. `$(NAME * 1.5)` and `$(NAME + 10m)` are computed:
`+`, `-`, `*` and `/` between a name and a number, a share, a duration or another name, with spaces around. A count is rounded up.
`$$(` is `$(` itself. `--set NAME=VALUE` gives a parameter another value in every drill that declares it.

A drill whose names the fleet does not have (`$(zone)` of a fleet without zones) is left out, as it is where `needs` names what the
fleet does not have:

";

/// The page.
#[must_use]
pub fn page() -> String {
    let mut text = String::from(HEAD);
    text += "\n## The library\n\n| drill | what happens | needs | parameters |\n| --- | --- | --- | --- |\n";
    for one in Drill::library() {
        let needs: Vec<&str> = one.needs.iter().map(|need| need.word()).collect();
        let parameters: Vec<String> =
            one.parameters.iter().map(|(name, value)| format!("`{name}`: {}", value.text())).collect();
        text += &format!(
            "| `{}` | **{}.** {} | {} | {} |\n",
            one.name,
            one.title,
            one.description.trim(),
            needs.join(", "),
            parameters.join(", ")
        );
    }
    text += WRITING;
    text += "| `needs` | a fleet without it |\n| --- | --- |\n";
    for need in Need::ALL {
        text += &format!("| `{}` | {} |\n", need.word(), need.lack());
    }
    text += "\n## Names that the fleet gives\n\n| name | what it is |\n| --- | --- |\n";
    for handle in Handle::ALL {
        text += &format!("| `$({})` | {} |\n", handle.word(), handle.meaning());
    }
    section(&drill::OBJECT, &mut text);
    section(&parameter::OBJECT, &mut text);
    let example = LIBRARY.iter().find(|(name, _)| *name == "image-fails-later").map_or("", |(_, text)| text);
    text += &format!("\n## An example\n\n```yaml\n{example}```\n");
    text
}
