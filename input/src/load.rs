//! The way from a scenario file to one plan a policy.

use super::catalogue;
use super::files::{Base, Files};
use super::observed;
use super::origin::Sources;
use super::patch::{self, Change};
use super::policies::{self, Policy, Replaced};
use super::problem::{Problem, Problems, Severity};
use super::read;
use super::recognise;
use super::report::Report;
use super::scenario::check::check;
use super::scenario::keys::{SCENARIO, scenario};
use super::scenario::legality::SetFacts;
use super::scenario::lower::{Inputs, Lowered, facts, is_acceptance_of, lower};
use super::scenario::{expectations, instants, resources, trace};
use super::secrets::Secrets;
use super::terraform;
use super::tree::{Key, Node, Value};
use super::unknown;
use super::work::Work;
use std::path::Path;
use windtunnel_claims::expect::Expectation;
use windtunnel_claims::margin::Margins;
use windtunnel_claims::observed::Observed;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::RuleSet;
use windtunnel_words::place::Span;

/// The name of the empty patch.
pub const AS_WRITTEN: &str = "as-written";

/// How a scenario is loaded.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// Rules that are on; all, but in tests.
    pub rules: RuleSet,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self { rules: RuleSet::all() }
    }
}

/// A scenario that was read, with a plan for every policy.
#[derive(Debug)]
pub struct Loaded {
    /// Stem of the file name.
    pub name: String,
    /// Title.
    pub title: String,
    /// What happens, to which machines, and what to look at.
    pub description: Option<String>,
    /// Notes and warnings.
    pub problems: Problems,
    /// What must hold.
    pub expectations: Vec<Expectation>,
    /// By how much measures may get worse.
    pub margins: Margins,
    /// What was observed of the incident that it is of.
    pub observed: Observed,
    planned: Vec<Planned>,
}

/// One policy of a scenario.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What the simulator is given.
    pub plan: Plan,
    /// What the policy changes.
    pub diff: Vec<Change>,
    /// The whole scenario under this policy as plain JSON; [`load_effective`] makes the same plan of it.
    pub effective: serde_json::Value,
    /// What must hold under this policy.
    pub expectations: Vec<Expectation>,
    /// Where it says how much happens.
    pub work: Work,
    /// What compiled files of it: a name and a version.
    pub compiled_by: Option<String>,
}

impl Loaded {
    /// The names of the policies, `as-written` first.
    pub fn policies(&self) -> impl Iterator<Item = &str> {
        self.planned.iter().map(|planned| planned.plan.policy.as_str())
    }

    /// The plan under a policy.
    ///
    /// # Errors
    ///
    /// There is no such policy.
    pub fn plan(&self, policy: &str) -> Result<&Planned, Report> {
        self.planned.iter().find(|planned| planned.plan.policy == policy).ok_or_else(|| {
            let problem = Problem::error("E0209", format!("there is no policy `{policy}` in `{}`", self.name));
            let help = super::problem::suggest(policy, self.policies());
            Report::from(Problems(vec![problem.maybe_help(help)]))
        })
    }
}

/// Reads a scenario file and plans each of its policies.
///
/// # Errors
///
/// Everything that is wrong with the file, as much at once as can be found.
pub fn load(files: &dyn Files, path: &Path, options: &LoadOptions) -> Result<Loaded, Report> {
    let mut problems = Problems::new();
    let Some((text, name)) = read::text_of(files, path, None, &mut problems) else { return Err(problems.into()) };
    if !recognise::is_scenario(&text) {
        if let Some(problem) = of_another_language(path, &name) {
            problems.push(problem);
            return Err(problems.into());
        }
        let message = format!("`{name}` is not a scenario: it has no `windtunnel`, `title` or `horizon`");
        let help = "a scenario begins with `windtunnel: 1`; the text of other files is not shown";
        problems.push(Problem::error("E0605", message).help(help));
        return Err(problems.into());
    }
    load_text(files, &name, text, options)
}

/// A file whose name says that it is of a language which is compiled to Azure's files, or which is not read at all.
fn of_another_language(path: &Path, name: &str) -> Option<Problem> {
    let ending = path.extension()?.to_string_lossy().to_ascii_lowercase();
    match ending.as_str() {
        "bicep" | "bicepparam" => {
            let help = format!(
                "name it in a scenario, `resources: [{{ template: {name} }}]`; `windtunnel check {name}` says what is in it"
            );
            Some(Problem::error("E0407", format!("`{name}` is Bicep, not a scenario")).help(help))
        }
        "tf" | "tfvars" | "tfstate" | "tfplan" => {
            Some(Problem::error("E0406", format!("`{name}` is Terraform, not a scenario")).help(terraform::SHOW))
        }
        _ => None,
    }
}

/// Reads a scenario whose text is at hand; files that it names are relative to `name`.
///
/// # Errors
///
/// As [`load`].
pub fn load_text(files: &dyn Files, name: &str, text: String, options: &LoadOptions) -> Result<Loaded, Report> {
    load_over(files, name, text, &[], options)
}

/// The same with patches over it: as a policy is, but for the keys of the file alone, and before its resources are read, so that a
/// patch can add policies.
///
/// # Errors
///
/// As [`load`]; a patch may be wrong, too.
pub fn load_over(
    files: &dyn Files,
    name: &str,
    text: String,
    over: &[Node],
    options: &LoadOptions,
) -> Result<Loaded, Report> {
    load_with(files, name, text, (over, &[]), options)
}

/// The same, with policies beside those of the file, each a name and a patch: one that is laid over the file would lose the marks by which
/// a patch removes something.
///
/// # Errors
///
/// As [`load_over`].
pub fn load_with(
    files: &dyn Files,
    name: &str,
    text: String,
    (over, beside): (&[Node], &[(String, Node)]),
    options: &LoadOptions,
) -> Result<Loaded, Report> {
    let mut problems = Problems::new();
    let Some(mut root) = root_of(name, text, over, &mut problems) else { return Err(problems.into()) };
    let path = Path::new(name);
    let base = Base { folder: path.parent().unwrap_or(Path::new("")), files };
    check(&root, &scenario::MAPPING, "", &mut problems);
    let before = problems.count(Severity::Error);
    let elements = root.get("resources").map_or_else(Vec::new, |list| list.items().to_vec());
    resources::resolve(&mut root, base, &mut problems);
    // Of resources that could not be read, every patch and every name would be said to be unknown.
    let unread = problems.count(Severity::Error) > before;
    let policies = take(&mut root, "policies");
    let policies = policies::read((policies.as_ref(), beside), (!unread).then_some(&root), base, &mut problems);
    unknown::check(Some(&root).filter(|_| !unread), &mut problems);
    let written = plan_one(&root, AS_WRITTEN, Vec::new(), &[], base, options, &mut problems);
    let facts = written.as_ref().map_or(&[][..], |(lowered, _)| &lowered.sets[..]);
    if let Some((lowered, _)) = &written {
        problems.merge(&lowered.unneeded);
    }
    let (mut lowered, mut names) = (Vec::<Planned>::new(), vec![AS_WRITTEN.to_owned()]);
    let well_formed = !problems.has_errors();
    let mut unused = Unused::of(&mut problems);
    for policy in &policies {
        let key = &policy.key;
        if let Some(taken) = [AS_WRITTEN, "all"].iter().find(|taken| **taken == key.text) {
            let problem = Problem::error("E0303", format!("`{taken}` cannot be the name of a policy"));
            let help = "`as-written` is the empty patch, and `all` means every policy";
            problems.push(problem.at(&key.span, "this name").help(help));
            continue;
        }
        names.push(key.text.clone());
        if unread {
            continue;
        }
        let (of, said) = ((&root, &elements[..]), (&mut unused, &mut problems));
        lowered.extend(plan_policy(of, policy, facts, base, options, well_formed, said));
    }
    problems.merge(&unused.0.into_iter().filter(|(_, is_used)| !is_used).map(|(of, _)| of).collect());
    let expectations = expectations::read(&root, &names, &mut problems);
    let margins = expectations::margins(&root, &mut problems);
    let Some((_, as_written)) = written.filter(|_| !problems.has_errors()) else { return Err(problems.into()) };
    let mut planned = vec![as_written];
    planned.extend(lowered);
    let plans: Vec<&Plan> = planned.iter().map(|one| &one.plan).collect();
    expectations::suit(&expectations, &plans, &mut problems);
    let observed = observed::read(&root, &planned[0].plan, base, &mut problems);
    if problems.has_errors() {
        return Err(problems.into());
    }
    for one in &mut planned {
        let policy = &one.plan.policy;
        one.expectations = expectations.iter().filter(|e| e.policies.include(policy)).cloned().collect();
    }
    Ok(Loaded {
        name: path.file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned()),
        title: scenario::TITLE.given(&root).unwrap_or_default().to_owned(),
        description: scenario::DESCRIPTION.given(&root).map(str::to_owned),
        problems,
        expectations,
        margins,
        observed,
        planned,
    })
}

/// A scenario under a policy, with the place of each value: what two of them are compared by.
#[derive(Debug)]
pub struct Written {
    /// What is simulated, resources in normal form.
    pub(crate) scenario: Node,
    pub(crate) secrets: Secrets,
    pub(crate) sources: Sources,
}

/// Reads a scenario that loads under one of its policies, for the places of its values; none where it does not load.
#[must_use]
pub fn written(files: &dyn Files, name: &str, text: String, over: &[Node], policy: &str) -> Option<Written> {
    let mut problems = Problems::new();
    let mut root = root_of(name, text, over, &mut problems)?;
    let base = Base { folder: Path::new(name).parent().unwrap_or(Path::new("")), files };
    let mut elements = root.get("resources").map_or_else(Vec::new, |list| list.items().to_vec());
    resources::resolve(&mut root, base, &mut problems);
    let policies = take(&mut root, "policies");
    let policies = policies::read((policies.as_ref(), &[]), Some(&root), base, &mut problems);
    let mut secrets = resources::secrets(&elements, base);
    let mut scenario = root;
    if policy != AS_WRITTEN {
        let own = policies.iter().find(|one| one.key.text == policy)?;
        let replaced = replaced((&scenario, &elements), own, base, &mut problems)?;
        let known: Vec<&str> = SCENARIO.known().collect();
        scenario = patch::apply(&replaced.scenario, &own.key, &replaced.rest, &known, &mut problems);
        resources::normalise_changed(&replaced.scenario, &mut scenario, &mut problems);
        secrets.merge(&replaced.secrets);
        elements = replaced.elements.unwrap_or(elements);
    }
    trace::inline(&mut scenario, base, &mut problems);
    let sources = Sources::of(&elements, base);
    (!problems.has_errors()).then_some(Written { scenario, secrets, sources })
}

/// The tree of a scenario with patches over it; none where whatever else is wrong may only follow from what is said.
pub(crate) fn root_of(name: &str, text: String, over: &[Node], problems: &mut Problems) -> Option<Node> {
    let mut root = read::read_text(name, text, problems)?;
    let known: Vec<&str> = SCENARIO.known().collect();
    over.iter().for_each(|patch| patch::over(&mut root, patch, &known, problems));
    if Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("json")) {
        read::refuse_controls(&root, |_| false, problems);
    }
    strip_schema(&mut root);
    let unknown = format_version(&root);
    let is_known = unknown.is_none();
    problems.0.extend(unknown);
    is_known.then_some(root)
}

/// What Azure would say of resources that are alone, in a file of Azure's own: the same rules as in a scenario. What only
/// a scenario can say, how the application answers and what is in its images, is not asked for.
#[must_use]
pub fn bare(resources: Vec<Node>, options: &LoadOptions) -> Problems {
    alone(resources).map_or_else(Problems::new, |scenario| said_of(&inputs_of(&scenario, options)))
}

/// The same, and the scale sets as the rules see them.
pub(crate) fn survey(resources: Vec<Node>, options: &LoadOptions) -> (Vec<SetFacts>, Problems) {
    let Some(scenario) = alone(resources) else { return (Vec::new(), Problems::new()) };
    let inputs = inputs_of(&scenario, options);
    (facts(&inputs), said_of(&inputs))
}

/// What Azure would refuse of resources that become others, beside what it would refuse of those alone.
pub(crate) fn refused_changes(old: Vec<Node>, new: Vec<Node>, options: &LoadOptions) -> Problems {
    let (Some(old), Some(new)) = (alone(old), alone(new)) else { return Problems::new() };
    let as_written = facts(&inputs_of(&old, options));
    let known = said_of(&inputs_of(&new, options));
    let said = said_of(&Inputs { as_written: &as_written, ..inputs_of(&new, options) });
    let is_new = |one: &&Problem| one.is_refusal() && !known.iter().any(|other| other.same_as(one));
    said.iter().filter(is_new).cloned().collect()
}

/// A scenario of resources that are alone; none where there are none.
fn alone(resources: Vec<Node>) -> Option<Node> {
    let span = resources.first()?.span.clone();
    let entry = |key: &str, value: Node| (Key { text: key.to_owned(), span: span.clone() }, value);
    let list = Node { span: span.clone(), value: Value::Seq(resources) };
    let entries = vec![
        entry("title", Node::scalar(&span, "resources")),
        entry("horizon", Node::scalar(&span, "PT1H")),
        entry("resources", list),
    ];
    Some(Node { span: span.clone(), value: Value::Map(entries) })
}

fn inputs_of<'a>(scenario: &'a Node, options: &'a LoadOptions) -> Inputs<'a> {
    Inputs { scenario, policy: AS_WRITTEN, rules: &options.rules, as_written: &[] }
}

/// What is said of them that is the platform's.
fn said_of(inputs: &Inputs<'_>) -> Problems {
    let mut said = Problems::new();
    lower(inputs, &mut said);
    let of_the_platform = |problem: &&Problem| problem.rule.is_some() || OF_RESOURCES.contains(&problem.code);
    said.iter().filter(of_the_platform).cloned().collect()
}

/// Problems that are of resources alone, though no single rule of the platform says so.
const OF_RESOURCES: &[&str] = &["W0512", "W0513", "W0559", "W0560"];

/// What nobody uses as written, each with whether a policy does.
struct Unused(Vec<(Problem, bool)>);

impl Unused {
    /// Takes it out of what is said of the file.
    fn of(problems: &mut Problems) -> Self {
        let (unused, others) = std::mem::take(&mut problems.0).into_iter().partition(|of| of.code == "W0513");
        problems.0 = others;
        Self(Vec::into_iter(unused).map(|of| (of, false)).collect())
    }

    /// Takes it out of what is said of a policy, which uses what is not said again.
    fn meet(&mut self, found: &mut Problems) {
        for (of, is_used) in &mut self.0 {
            *is_used |= !found.iter().any(|other| other.same_as(of));
        }
        found.0.retain(|problem| !self.0.iter().any(|(of, _)| of.same_as(problem)));
    }
}

/// Applies one policy and plans it; `elements` are those of `resources`, as they are written.
fn plan_policy(
    (root, elements): (&Node, &[Node]),
    policy: &Policy,
    written: &[SetFacts],
    base: Base<'_>,
    options: &LoadOptions,
    well_formed: bool,
    (unused, problems): (&mut Unused, &mut Problems),
) -> Option<Planned> {
    let Policy { key, change, .. } = policy;
    let (patched, diff) = patched((root, elements), policy, base, well_formed, problems)?;
    let mut found = Problems::new();
    check(&patched, &scenario::MAPPING, "", &mut found);
    let planned = plan_one(&patched, &key.text, diff, written, base, options, &mut found);
    if planned.is_some() {
        unused.meet(&mut found);
    }
    name_policy(&mut found, (key, change), problems);
    problems.merge(&found);
    planned.map(|(lowered, planned)| {
        // An acceptance that is in the file itself may be of what this policy mends.
        let is_new = |problem: &&Problem| !is_acceptance_of(root, problem);
        problems.merge(&lowered.unneeded.iter().filter(is_new).cloned().collect());
        planned
    })
}

/// The scenario under a policy, and what that changes; none where something is wrong with either.
pub(crate) fn patched(
    (root, elements): (&Node, &[Node]),
    policy: &Policy,
    base: Base<'_>,
    well_formed: bool,
    problems: &mut Problems,
) -> Option<(Node, Vec<Change>)> {
    let Policy { key, change, .. } = policy;
    let known: Vec<&str> = SCENARIO.known().collect();
    let before = problems.count(Severity::Error);
    let is_template = policies::is_template(change);
    let Replaced { scenario, rest, secrets, .. } = replaced((root, elements), policy, base, problems)?;
    let mut patched = patch::apply(&scenario, key, &rest, &known, problems);
    let diff = patch::diff(root, &patched, &secrets);
    let is_sound = problems.count(Severity::Error) == before;
    if diff.is_empty() && is_sound {
        let name = &key.text;
        problems.push(if is_template {
            let note =
                Problem::note("N0313", format!("the template of the policy `{name}` changes nothing that is read"));
            note.at(&key.span, "the same fleet as written")
        } else {
            Problem::error("E0302", format!("the policy `{name}` changes nothing"))
                .at(&key.span, "the scenario already has all of its values")
                .help("change a value, or remove the policy")
        });
    }
    resources::normalise_changed(&scenario, &mut patched, problems);
    // What is wrong with the file itself would be said again for every policy.
    (problems.count(Severity::Error) == before && well_formed).then_some((patched, diff))
}

/// The scenario with the template of a policy in place of its own, where the policy is one; none where that is wrong.
fn replaced(
    (root, elements): (&Node, &[Node]),
    policy: &Policy,
    base: Base<'_>,
    problems: &mut Problems,
) -> Option<Replaced> {
    let Policy { key, change, .. } = policy;
    if !policies::is_template(change) {
        let (scenario, rest) = (root.clone(), change.clone());
        return Some(Replaced { scenario, rest, secrets: Secrets::default(), elements: None });
    }
    let mut found = Problems::new();
    let replaced = policies::replace(root, elements, policy, base, &mut found);
    name_policy(&mut found, (key, change), problems);
    problems.merge(&found);
    replaced
}

/// What a policy alone brings about names it, where its place does not: it stands in the file, and the policy changes what stands beside
/// it or around it.
fn name_policy(found: &mut Problems, (policy, change): (&Key, &Node), as_written: &Problems) {
    let is_within = |span: &Span| {
        let whole = &change.span;
        span.source.name == whole.source.name && whole.start <= span.start && span.end <= whole.end
    };
    let is_grave = |problem: &&mut Problem| problem.severity != Severity::Note;
    for problem in found.0.iter_mut().filter(is_grave) {
        // Of an upgrade that never starts the place is a switch that looks harmless.
        let says_it = problem.code != "W0560" && problem.primary.as_ref().is_some_and(|(span, _)| is_within(span));
        if !says_it && !as_written.iter().any(|known| known.same_as(problem)) {
            problem.policy = Some(policy.text.clone());
        }
    }
}

/// Writes traces out and makes the plan of a patched scenario.
fn plan_one(
    patched: &Node,
    policy: &str,
    diff: Vec<Change>,
    written: &[SetFacts],
    base: Base<'_>,
    options: &LoadOptions,
    problems: &mut Problems,
) -> Option<(Lowered, Planned)> {
    if problems.iter().any(hides_names) {
        return None;
    }
    let mut scenario = patched.clone();
    trace::inline(&mut scenario, base, problems);
    instants::resolve(&mut scenario, problems);
    let inputs = Inputs { scenario: &scenario, policy, rules: &options.rules, as_written: written };
    let lowered = lower(&inputs, problems)?;
    let work = Work::of(&scenario);
    let (plan, effective) = (lowered.plan.clone(), effective(scenario, policy));
    let compiled_by = base.files.compiler();
    let planned = Planned { plan, diff, effective, expectations: Vec::new(), work, compiled_by };
    Some((lowered, planned))
}

/// Whether a problem may hide the names that other parts of the file refer to, which would then be said to be unknown.
fn hides_names(problem: &Problem) -> bool {
    problem.severity == Severity::Error && !catalogue::entry(problem.code).is_some_and(|entry| entry.keeps_names)
}

/// The key under which an effective scenario keeps the name of its policy.
const POLICY: &str = "policy";

fn effective(mut scenario: Node, policy: &str) -> serde_json::Value {
    take(&mut scenario, "expect");
    take(&mut scenario, "worse");
    take(&mut scenario, "observed");
    take(&mut scenario, "unknown");
    let mut json = scenario.to_json();
    json[POLICY] = policy.into();
    json
}

/// Makes the plan of an effective scenario, as a run's folder keeps it.
///
/// # Errors
///
/// The JSON is not what [`Planned::effective`] gave.
pub fn load_effective(json: &serde_json::Value, options: &LoadOptions) -> Result<Plan, Report> {
    let mut problems = Problems::new();
    let root = read::read_text("plan.json", format!("{json:#}"), &mut problems);
    root.map_or_else(|| Err(problems.into()), |root| load_effective_node(root, options))
}

/// The same of the tree in a file, so that what is wrong is said with its place there.
///
/// # Errors
///
/// As [`load_effective`].
pub fn load_effective_node(mut root: Node, options: &LoadOptions) -> Result<Plan, Report> {
    let mut problems = Problems::new();
    let policy = take(&mut root, POLICY).and_then(|node| node.text().map(str::to_owned));
    strip_schema(&mut root);
    if let Some(problem) = format_version(&root) {
        problems.push(problem);
        return Err(problems.into());
    }
    check(&root, &scenario::MAPPING, "", &mut problems);
    if problems.has_errors() {
        return Err(problems.into());
    }
    instants::resolve(&mut root, &mut problems);
    resources::normalise_effective(&mut root, &mut problems);
    if problems.has_errors() {
        return Err(problems.into());
    }
    let policy = policy.unwrap_or_else(|| AS_WRITTEN.to_owned());
    let inputs = Inputs { scenario: &root, policy: &policy, rules: &options.rules, as_written: &[] };
    lower(&inputs, &mut problems).map(|lowered| lowered.plan).ok_or_else(|| problems.into())
}

/// Takes a key out of a mapping.
pub(crate) fn take(node: &mut Node, key: &str) -> Option<Node> {
    let Value::Map(entries) = &mut node.value else { return None };
    let at = entries.iter().position(|(known, _)| known.text == key)?;
    Some(entries.remove(at).1)
}

/// `$schema` is for editors.
fn strip_schema(root: &mut Node) {
    take(root, "$schema");
}

/// A file of another format is not read.
fn format_version(root: &Node) -> Option<Problem> {
    let version = root.get("windtunnel")?;
    let text = version.text().filter(|text| *text != "1")?;
    let problem = Problem::error("E0118", format!("the format version must be 1, got `{text}`"));
    Some(problem.at(&version.span, "this version").help("write `windtunnel: 1`, or use a newer release"))
}
