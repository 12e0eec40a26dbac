//! From the `expect` section to typed expectations.

use super::field::{Field, Named};
use super::keys::{expectation as key, scenario};
use crate::AS_WRITTEN;
use crate::problem::{Problem, Problems, suggest, words};
use crate::quantity::{self, Wrong, percent};
use crate::tree::{Node, Span};
use windtunnel_claims::expect::{Expectation, Instant, Over, Policies, Sense, Subject, Test, When};
use windtunnel_claims::margin::{Margin, Margins};
use windtunnel_claims::quantity::Quantity;
use windtunnel_sim::measure::catalogue::{DEFINITIONS, definition};
use windtunnel_sim::measure::{Part, Scope, ScopeKind, Unit};
use windtunnel_sim::plan::{EntryPoint, Plan};
use windtunnel_sim::world::ids::EntryPointId;

/// Reads the expectations of a checked scenario; `policies` are the names of all policies.
pub fn read(scenario: &Node, policies: &[String], problems: &mut Problems) -> Vec<Expectation> {
    let mut list: Vec<Expectation> = Vec::new();
    for node in scenario::EXPECT.items(scenario) {
        let Some(expectation) = expectation(node, policies, problems) else { continue };
        if let Some(first) = list.iter().find(|other| other.name == expectation.name) {
            let problem = Problem::error("E0212", format!("two expectations have the name `{}`", expectation.name));
            problems.push(problem.at(&expectation.span, "the second").also(&first.span, "the first").help(
                "each expectation is \
                    a named test",
            ));
        }
        list.push(expectation);
    }
    list
}

/// Reads by how much measures may get worse.
pub fn margins(scenario: &Node, problems: &mut Problems) -> Margins {
    let mut margins = Margins::default();
    for (measures, share) in scenario::WORSE.entries(scenario) {
        let Some(share) = share.text().and_then(|text| percent(text).ok()) else { continue };
        match Margin::new(&measures.text, share) {
            Ok(margin) => margins.0.push(margin),
            Err((message, help)) => {
                problems.push(Problem::error("E0208", message).at(&measures.span, "this name").maybe_help(help));
            }
        }
    }
    margins
}

fn expectation(node: &Node, policies: &[String], problems: &mut Problems) -> Option<Expectation> {
    let which = which_policies(node, policies, problems);
    let name = key::MEASURE.node(node)?;
    let subject = subject(name, problems)?;
    let when = when(node, &subject, problems);
    let sense = if key::NEVER.read(node) { Sense::Never } else { Sense::Holds };
    let over = over(node, &subject, when.as_ref(), sense, problems);
    let (key, bound) =
        node.entries().iter().find(|(key, _)| matches!(key.text.as_str(), "is" | "atMost" | "atLeast" | "between"))?;
    let test = test(&key.text, bound, &subject, problems)?;
    Some(Expectation {
        name: key::NAME.given(node)?.to_owned(),
        policies: which?,
        part: part(node, &subject, problems)?,
        when: when?,
        sense,
        over: over?,
        part_span: ScopeKind::ALL.iter().find_map(|kind| node.get(kind.key())).map(|given| given.span.clone()),
        without_rollout: key::ROLLOUT.is_in(node),
        test,
        span: node.span.clone(),
        bound_span: bound.span.clone(),
        subject_span: name.span.clone(),
        subject,
    })
}

/// What is looked at.
fn subject(name: &Node, problems: &mut Problems) -> Option<Subject> {
    let text = name.text()?;
    if Quantity::is_meant(text) {
        return match Quantity::parse(text) {
            Ok(quantity) => Some(Subject::Series(quantity)),
            Err(near) => {
                let problem = Problem::error("E0208", format!("there is no quantity over time `{text}`"));
                let help = near.map_or_else(
                    || "docs/guide/expectations.md lists the quantities over time".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                problems.push(problem.at(&name.span, "unknown quantity").help(help));
                None
            }
        };
    }
    let Some(measure) = definition(text) else {
        let problem = Problem::error("E0208", format!("there is no measure `{text}`"));
        let help = suggest(text, known_measures()).or_else(|| same_area(text));
        problems.push(problem.at(&name.span, "unknown measure").maybe_help(help));
        return None;
    };
    Some(Subject::Measure(measure))
}

/// What an expectation must not say, with why.
fn refuse<T>(problems: &mut Problems, at: &Span, message: String, label: &str, help: &str) -> Option<T> {
    problems.push(Problem::error("E0215", message).at(at, label).help(help));
    None
}

/// The part of the fleet that is named; `Some(None)` where none is.
fn part(node: &Node, subject: &Subject, problems: &mut Problems) -> Option<Option<Part>> {
    let mut named = ScopeKind::ALL.into_iter().filter_map(|kind| Some((kind, node.get(kind.key())?)));
    let Some((kind, given)) = named.next() else { return Some(None) };
    if let Some((other, given)) = named.next() {
        let message = format!("`{}` and `{}` both say of what `{}` is", kind.key(), other.key(), subject.name());
        return refuse(problems, &given.span, message, "the second", "keep one of the two");
    }
    let scopes = match subject {
        Subject::Measure(definition) => definition.scopes,
        Subject::Series(quantity) => quantity.scopes(),
    };
    if !scopes.contains(&kind) {
        let message = format!("`{}` is not given by {}", subject.name(), kind.words());
        let others: Vec<String> = scopes.iter().map(|scope| format!("`{}`", scope.key())).collect();
        let help = match &others[..] {
            [] => format!("leave `{}` out: it is of the whole fleet", kind.key()),
            some => format!("leave `{}` out, or name {}", kind.key(), some.join(" or ")),
        };
        return refuse(problems, &given.span, message, "this part", &help);
    }
    Some(Some(Part { kind, name: given.text()?.to_owned() }))
}

/// When it must hold; `None` where that cannot be said.
fn when(node: &Node, subject: &Subject, problems: &mut Problems) -> Option<When> {
    let [at, from, until] = [key::AT, key::FROM, key::UNTIL].map(|key| key.node(node));
    let within = key::WITHIN.node(node);
    if let (Subject::Measure(definition), Some(key)) = (subject, at.or(from).or(until).or(within)) {
        let message = format!("`{}` has one value for the whole run", definition.name);
        let help = "use a quantity over time, such as `series.harmed_pct`, or remove the time";
        return refuse(problems, &key.span, message, "this time", help);
    }
    // What cannot be read has been reported.
    let given = |key: &Field<Named>| if key.is_in(node) { key.given(node).map(Some) } else { Some(None) };
    if at.is_some() {
        if let Some(other) = from.or(until).or(within) {
            let message = "`at` is one instant, but the expectation also has another time".to_owned();
            return refuse(problems, &other.span, message, "this time", "keep one of the two");
        }
        return key::AT.given(node).map(When::At);
    }
    let Some(within) = within else {
        let (from, until) = (given(&key::FROM)?, given(&key::UNTIL)?);
        return Some(When::Throughout { from, until });
    };
    if let Some(until) = until {
        let message = "`within` and `until` both set the end of the time".to_owned();
        return refuse(
            problems,
            &until.span,
            message,
            "this end",
            "keep `within`: the bound must hold at some instant before it ends",
        );
    }
    if key::NEVER.read(node) {
        let message = "`within` means some instant, but `never` means none".to_owned();
        return refuse(
            problems,
            &within.span,
            message,
            "this time",
            "for no instant in a time, write `from` and `until`",
        );
    }
    let length = key::WITHIN.given(node)?;
    Some(When::Within { from: given(&key::FROM)?, length })
}

/// What is asked of many runs; `None` where that makes no sense.
fn over(node: &Node, subject: &Subject, when: Option<&When>, sense: Sense, problems: &mut Problems) -> Option<Over> {
    let (stat, share) = (key::STAT.at(node), key::HOLDS_IN.at(node));
    let confidence = key::CONFIDENCE.at(node);
    if confidence.given && !key::STAT.is_in(node) && !key::HOLDS_IN.is_in(node) {
        let message =
            "`confidence` is for a statement about many runs, but the expectation is about each run".to_owned();
        let help = "add `stat` or `holdsIn`, or remove it";
        return refuse(problems, &confidence.span, message, "this confidence", help);
    }
    let confidence = confidence.value;
    match (stat, share) {
        (None, None) => Some(Over::Each),
        (None, Some(_)) => {
            let least = quantity::percent_points(key::HOLDS_IN.node(node)?.text()?).ok()?;
            Some(Over::Share { least, confidence })
        }
        (Some(_), Some(given)) => {
            let message = "`stat` and `holdsIn` both say what must hold over many runs".to_owned();
            refuse(problems, &given.span, message, "beside a `stat`", "keep one of the two")
        }
        (Some(given), None) => {
            let stat = given.value;
            if !subject.unit().ordered() {
                let message = format!("`{}` has no {stat}", subject.name());
                let help = "remove `stat`: it must then hold in each replication; or write `holdsIn: 95%`";
                return refuse(problems, &given.span, message, "this statistic", help);
            }
            if sense == Sense::Never {
                let message = "`never` does not apply to a statistic, which is one number".to_owned();
                return refuse(problems, &given.span, message, "this statistic", "reverse the bound");
            }
            if matches!(subject, Subject::Series(_)) && !matches!(when, None | Some(When::At(_))) {
                let message = "a quantity over time has one number per run only at one instant".to_owned();
                return refuse(problems, &given.span, message, "this statistic", "add `at`, or write `holdsIn: 95%`");
            }
            Some(Over::Stat { stat, confidence })
        }
    }
}

/// Says which names of an expectation are not there under a policy for which it must hold.
pub fn suit(expectations: &[Expectation], plans: &[&Plan], problems: &mut Problems) {
    for expectation in expectations {
        // What is wrong under every policy is said once.
        let found = plans.iter().filter(|plan| expectation.policies.include(&plan.policy));
        if let Some(problem) = found.copied().find_map(|plan| unsuited(expectation, plan)) {
            problems.push(problem);
        }
    }
}

fn unsuited(expectation: &Expectation, plan: &Plan) -> Option<Problem> {
    let under = if plan.policy == AS_WRITTEN { String::new() } else { format!(" under `{}`", plan.policy) };
    let instants: Vec<&Instant> = match &expectation.when {
        When::Throughout { from, until } => from.iter().chain(until).collect(),
        When::At(at) => vec![at],
        When::Within { from, .. } => from.iter().collect(),
    };
    for instant in instants {
        let at = match instant.of_plan(plan) {
            Ok(at) => at,
            Err(wrong) => return Some(no_instant(instant, wrong, expectation, (plan, &under))),
        };
        if at > plan.horizon {
            let message = format!("{at} is after the horizon{under}, which is {}", plan.horizon);
            let problem = Problem::error("E0110", message).at(&expectation.span, "this expectation");
            return Some(problem.help("raise `horizon`, or choose an earlier instant"));
        }
    }
    if let Some(part) = &expectation.part
        && let Some(problem) =
            no_part(part, plan, &under).or_else(|| without_traffic(part, &expectation.subject, plan, &under))
    {
        return Some(problem.at(expectation.part_span.as_ref().unwrap_or(&expectation.span), "this name"));
    }
    let releases = || plan.application.releases.iter().map(String::as_str);
    let (code, what, name, known): (_, _, _, Vec<&str>) = match &expectation.subject {
        Subject::Series(Quantity::Code(name) | Quantity::RotationCode(name)) => {
            ("E0203", "release", name, releases().collect())
        }
        Subject::Series(Quantity::Image(name)) => {
            ("E0206", "image", name, plan.images.iter().map(|image| image.name.as_str()).collect())
        }
        Subject::Series(_) | Subject::Measure(_) => return None,
    };
    if known.contains(&name.as_str()) {
        return None;
    }
    let problem = Problem::error(code, format!("there is no {what} `{name}`{under}"));
    Some(problem.at(&expectation.subject_span, "this name").maybe_help(suggest(name, known)))
}

/// What is wrong with an instant that a plan does not have.
fn no_instant(instant: &Instant, wrong: Wrong, expectation: &Expectation, (plan, under): (&Plan, &str)) -> Problem {
    let acts = plan.timeline.iter().map(|action| action.name.as_str());
    let known: Vec<&str> = acts.chain(plan.notes.iter().map(|note| note.name.as_str())).collect();
    match instant {
        Instant::Entry { name, .. } if !known.contains(&name.as_str()) => {
            let problem = Problem::error("E0230", format!("the timeline has no entry “{name}”{under}"));
            let help = suggest(name, known).unwrap_or_else(|| "write a duration, `PT14M`".to_owned());
            problem.at(&expectation.span, "this expectation").help(help)
        }
        _ => Problem::error("E0111", format!("{}{under}", wrong.message))
            .at(&expectation.span, wrong.why)
            .maybe_help(wrong.help),
    }
}

/// What is wrong with a part of the fleet that is not there, or not the only one of its name.
fn no_part(Part { kind, name }: &Part, plan: &Plan, under: &str) -> Option<Problem> {
    let found = Scope::named(plan, *kind, name);
    let names = |scopes: &[Scope]| scopes.iter().filter_map(|scope| scope.name(plan)).collect::<Vec<_>>();
    if found.len() > 1 {
        let (message, help) = match kind {
            ScopeKind::EntryPoint => (format!("`{name}` leads to several pools"), "name"),
            ScopeKind::ScaleSet | ScopeKind::Zone => {
                (format!("several regions have a zone `{name}`"), "name the region")
            }
        };
        return Some(Problem::error("E0214", message).help(format!("{help}: `{}`", names(&found).join("`, `"))));
    }
    let code = match kind {
        ScopeKind::EntryPoint => "E0205",
        ScopeKind::ScaleSet => "E0201",
        ScopeKind::Zone => "E0224",
    };
    let mut known = names(&Scope::parts(plan, *kind));
    if *kind == ScopeKind::EntryPoint && name.contains('/') {
        let own = |entry: &EntryPoint| entry.is_root() && entry.traffic.is_some() && entry.name != entry.resource;
        let own = plan.entry_points.iter().filter(|entry| own(entry));
        known.extend(own.map(EntryPoint::own_name));
    }
    let problem = || Problem::error(code, format!("there is no {} `{name}`{under}", kind.words()));
    found.is_empty().then(|| problem().maybe_help(suggest(name, known.iter().map(String::as_str))))
}

/// What is wrong with an entry point to which users send nothing under its own name, where something is asked that only requests show.
fn without_traffic(part: &Part, subject: &Subject, plan: &Plan, under: &str) -> Option<Problem> {
    let needs = match subject {
        Subject::Measure(_) => true,
        Subject::Series(Quantity::Pool(column)) => column.of.needs_traffic(),
        Subject::Series(_) => false,
    };
    let found = Scope::named(plan, part.kind, &part.name);
    let [scope @ Scope::EntryPoint(id)] = found[..] else { return None };
    if !needs || Scope::parts(plan, ScopeKind::EntryPoint).contains(&scope) {
        return None;
    }
    let listener = plan.entry_point(id).routed.filter(|_| plan.is_part(id));
    let leading = plan.entries().filter(|(_, entry)| entry.routed.is_some_and(|of| of.to == id.0));
    let better: Vec<String> = match listener {
        Some(routed) => vec![EntryPointId(routed.from)],
        None => leading.map(|(id, _)| id).collect(),
    }
    .into_iter()
    .filter_map(|id| Scope::EntryPoint(id).name(plan))
    .collect();
    let better: Vec<&str> = better.iter().map(String::as_str).collect();
    let message = format!("users send nothing to the entry point `{}` itself{under}", part.name);
    let give = || format!("give it traffic: `traffic: {{ {}: {{ demand: 100 rps }} }}`", part.name);
    let help = if better.is_empty() { give() } else { format!("write {}", words(&better)) };
    Some(Problem::error("E0205", message).help(help))
}

/// Every measure.
pub fn known_measures() -> impl Iterator<Item = &'static str> {
    DEFINITIONS.iter().map(|definition| definition.name)
}

fn same_area(text: &str) -> Option<String> {
    let area = text.split('.').next()?;
    let list: Vec<&str> = known_measures().filter(|name| name.split('.').next() == Some(area)).collect();
    if list.is_empty() { Some("docs/measures.md lists the measures".into()) } else { suggest("", list) }
}

fn which_policies(node: &Node, policies: &[String], problems: &mut Problems) -> Option<Policies> {
    let Some(names) = key::POLICY.read(node) else { return Some(Policies::These(vec![AS_WRITTEN.into()])) };
    if names.len() == 1 && names[0].text() == Some("all") {
        return Some(Policies::All);
    }
    let mut these = Vec::new();
    for name in names {
        let text = name.text()?;
        if policies.iter().any(|known| known == text) {
            these.push(text.to_owned());
        } else {
            let problem = Problem::error("E0209", format!("there is no policy `{text}`"));
            let known = policies.iter().map(String::as_str).chain(["all"]);
            problems.push(problem.at(&name.span, "unknown policy").maybe_help(suggest(text, known)));
        }
    }
    (!these.is_empty()).then_some(Policies::These(these))
}

fn test(key: &str, bound: &Node, subject: &Subject, problems: &mut Problems) -> Option<Test> {
    let measure = Bounded { name: &subject.name(), unit: subject.unit() };
    if key != "is" && !measure.unit.ordered() {
        let problem = Problem::error("E0215", format!("`{}` has no order, so `{key}` cannot compare it", measure.name));
        problems.push(problem.at(&bound.span, "this bound").help("use `is`"));
        return None;
    }
    match (key, measure.unit) {
        ("is", Unit::Word(words)) => {
            let text = bound.text()?;
            if words.contains(&text) {
                return Some(Test::IsWord(text.to_owned()));
            }
            let problem = Problem::error("E0112", format!("`{}` is never `{text}`", measure.name));
            problems.push(problem.at(&bound.span, "this word").maybe_help(suggest(text, words.iter().copied())));
            None
        }
        ("is", Unit::Text) => Some(Test::IsWord(bound.text()?.to_owned())),
        ("is", Unit::Flag) => match bound.text() {
            Some("true") => Some(Test::IsFlag(true)),
            Some("false") => Some(Test::IsFlag(false)),
            _ => {
                let problem = Problem::error(
                    "E0108",
                    format!(
                        "`is` must be `true` or `false` for `{}`, got `{}`",
                        measure.name,
                        bound.text().unwrap_or_default()
                    ),
                );
                problems.push(problem.at(&bound.span, "this value"));
                None
            }
        },
        ("is", _) => number(bound, measure, problems).map(Test::Is),
        ("atMost", _) => number(bound, measure, problems).map(Test::AtMost),
        ("atLeast", _) => number(bound, measure, problems).map(Test::AtLeast),
        _ => between(bound, measure, problems),
    }
}

/// What a bound is about.
#[derive(Clone, Copy)]
struct Bounded<'a> {
    name: &'a str,
    unit: Unit,
}

fn between(bound: &Node, measure: Bounded<'_>, problems: &mut Problems) -> Option<Test> {
    let [low, high] = bound.items() else {
        let problem = Problem::error(
            "E0108",
            format!("`between` must be two bounds, `[low, high]`, got {}", bound.items().len()),
        );
        problems.push(
            problem
                .at(&bound.span, "these bounds")
                .help("the bound holds from the low one to the high one, both included"),
        );
        return None;
    };
    let (from, to) = (number(low, measure, problems)?, number(high, measure, problems)?);
    if from > to {
        let problem = Problem::error(
            "E0110",
            format!("the first bound of `between` must be at most the second, {to}, got `{from}`"),
        );
        problems.push(problem.at(&low.span, "above the other").also(&high.span, "the second bound"));
        return None;
    }
    Some(Test::Between(from, to))
}

/// A bound in the unit of the measure.
fn number(bound: &Node, measure: Bounded<'_>, problems: &mut Problems) -> Option<f64> {
    let text = bound.text().unwrap_or_default();
    let plain = quantity::number_of(text);
    let read = match measure.unit {
        Unit::Percent => quantity::percent_points(text),
        Unit::Count("rps") if plain.is_none() => quantity::rate(text),
        Unit::Seconds | Unit::InstanceSeconds if plain.is_none() => quantity::duration(text).map(|time| time.seconds()),
        _ => plain.ok_or_else(|| quantity::Wrong {
            message: format!("`{text}` is not a number"),
            why: "is not a number".to_owned(),
            help: Some(format!("`{}` is measured in: {}", measure.name, measure.unit.symbol())),
        }),
    };
    match read {
        Ok(value) => Some(value),
        Err(wrong) => {
            let problem = Problem::error("E0111", wrong.message);
            problems.push(problem.at(&bound.span, format!("the bound of `{}`", measure.name)).maybe_help(wrong.help));
            None
        }
    }
}
