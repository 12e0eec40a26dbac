//! `windtunnel compare`: every candidate policy with common random numbers.

pub(in crate::commands) mod given;

use crate::args::{Compare, Count, FailIf};
use crate::commands::begin;
use crate::commands::check::show_warnings;
use crate::disk::folder::{Foreigners, default_place};
use crate::disk::marker::Kind;
use crate::experiment::acts::{self, Fate};
use crate::experiment::against::margin;
use crate::experiment::assessment::{Weight, allowed, listed, weight};
use crate::experiment::auto::{self, Looking, Target};
use crate::experiment::compare::{Comparison, PolicyResult, Settled, compare as compare_runs};
use crate::experiment::fit::given::Given;
use crate::experiment::instant::Instant as RunTo;
use crate::experiment::limits::placed;
use crate::experiment::replicate::{Done, Replications, Watcher, check_seeds};
use crate::experiment::statistics::{CONFIDENCE, Paired, Verdict};
use crate::experiment::vary::{Variation, Varied, robustness};
use crate::experiment::{incident, never, twins};
use crate::input::identity::{MODEL_VERSION, hash};
use crate::input::{AS_WRITTEN, LoadOptions, Loaded, Planned, load};
use crate::output::brief::comparison as brief;
use crate::output::comparison::folder::{self, Kept};
use crate::output::comparison::terminal;
use crate::output::folder::pages;
use crate::output::format::PageFormat;
use crate::output::html;
use crate::output::html::comparison::{Compared, of_comparison};
use crate::output::journal::{Identity, Journal};
use crate::output::note::Note;
use crate::output::progress::{Progress, Work};
use crate::output::stream;
use crate::threads::{Drawn, jobs, replicate};
use crate::{commands, exit};
use anyhow::bail;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use windtunnel_claims::margin::Margins;
use windtunnel_sim::measure::catalogue::{DEFINITIONS, HARMED, definition};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::A;
use windtunnel_sim::rules::assumptions::Used;
use windtunnel_words::number::figure;
use windtunnel_words::suggest::suggest;
use windtunnel_words::text::quoted;

/// Compares policies.
pub fn compare(args: &Compare) -> anyhow::Result<u8> {
    let loaded = load(&args.scenario, &LoadOptions::default())?;
    let planned = chosen(&loaded, args)?;
    let plans: Vec<&Plan> = planned.iter().map(|planned| &planned.plan).collect();
    let reference = plans.iter().position(|plan| plan.policy == args.reference).expect("it is among the chosen");
    seeds(args)?;
    let target = target(args, &plans).map_err(|error| placed(error, &planned))?;
    let given = args.given.as_deref().map(|fit| given::read(fit, &args.scenario)).transpose()?;
    let beside = default_place(&args.scenario, &loaded.name, "compare");
    let mut draft =
        begin(Kind::Comparison, &args.scenario, args.out.as_ref(), beside, Foreigners::of_force(args.force))?;
    let to = draft.target().to_owned();
    let identity = identity(&loaded, &planned, args, given.as_ref());
    show_warnings(&loaded.problems)?;
    let mut runs = no_runs(&plans, args);
    let kept = if args.resume { Kept::resumed(&draft)? } else { Kept::anew(&draft, args.force)? };
    let journal = journal(&kept, args, &identity, &mut runs)?;
    let mut making = Making::new((&plans, &planned), runs, journal, jobs(args.jobs), given.as_ref());
    let settled = making.all(target, args.replications, reference)?;
    making.journal.flush()?;
    if making.stopped() {
        making.bar.end();
        return stopped(&making.runs, args, &to);
    }
    if !args.vary_assumptions {
        making.rest();
    }
    let (objective, drawn) = (plans[reference].objective, given::seeds(given.as_ref(), making.runs.complete()));
    let mut comparison = Comparison { objective, drawn, ..compare_runs(&making.runs, reference, settled) };
    twins::mark(&mut comparison, &making.runs, &planned);
    incident::mark(&mut comparison, &planned);
    let varied = if args.vary_assumptions {
        match vary(&mut making, &comparison, &kept, args, &identity)? {
            Some(varied) => Some(varied),
            None => return stopped(&making.runs, args, &to),
        }
    } else {
        None
    };
    let unwritten = folder::write(&mut draft, &loaded.title, &identity, &comparison, varied.as_ref())?;
    let mut notes: Vec<Note> = unwritten.into_iter().map(Note::Text).collect();
    notes.extend(given::notes(given.as_ref(), &comparison));
    notes.extend(leaning(&comparison, varied.as_ref()).into_iter().chain(refused(&planned, comparison.first_seed)));
    let fields = PageFields { identity: &identity, planned: &planned, varied: varied.as_ref(), notes: &notes };
    let (report, brief) = report(&loaded, &comparison, fields, args);
    pages(&mut draft, &report, &brief)?;
    folder::close(draft, &kept, varied.is_some())?;
    let context = terminal::TerminalContext {
        title: &loaded.title,
        notes: &notes,
        folder: &to.display().to_string(),
        repeat: &command(args),
        width: commands::width(),
        colour: true,
        all: args.all,
    };
    let shown = match args.format {
        PageFormat::Json => std::fs::read_to_string(to.join("compare.json"))?,
        PageFormat::Md => terminal::page(&comparison, &context),
        PageFormat::Human => terminal::render(&comparison, varied.as_ref(), &context),
    };
    write!(stream::stdout(), "{shown}")?;
    commands::open::report(args.open, &to);
    let worse = args.fail_if.map_or_else(Vec::new, |FailIf::Worse| worse(&comparison, &loaded.margins));
    if !worse.is_empty() {
        writeln!(stream::stderr(), "--fail-if worse: {}", worse.join("; "))?;
        return Ok(exit::WORSE);
    }
    Ok(if comparison.settled.is_some_and(|settled| !settled.done) { exit::INCONCLUSIVE } else { exit::OK })
}

/// Each policy that is worse than the reference in what is judged: by more than its margin, or where it has none by more than is too small
/// to matter.
fn worse(comparison: &Comparison, margins: &Margins) -> Vec<String> {
    let reference = &comparison.policies[comparison.reference].summaries;
    let is_worse = |place: usize, at: usize, paired: &Paired| {
        let had = reference[at].mean.map_or(0.0, |mean| mean.mean.abs());
        let room = margin(margins, &comparison.columns[at], had, comparison.objective);
        let by_enough = |room: f64| match room > 0.0 {
            true => paired.exceeds(room),
            false => weight(comparison, place, at) == Weight::Matters,
        };
        paired.verdict == Verdict::Worse && room.is_some_and(by_enough)
    };
    let of = |(place, policy): (usize, &PolicyResult)| {
        let worse = policy.paired.iter().enumerate().filter(|(at, paired)| is_worse(place, *at, paired));
        let worse: Vec<&str> = worse.map(|(at, _)| comparison.columns[at].name.as_str()).collect();
        (!worse.is_empty()).then(|| format!("{} is worse in {}", policy.name, listed(&worse)))
    };
    comparison.policies.iter().enumerate().filter_map(of).collect()
}

/// What so many runs cannot show: an event that is rarer than one of which at least one would have been met with 95 % confidence.
fn unmet(runs: usize) -> Option<String> {
    let rarer = 100.0 * (1.0 - libm::pow(1.0 - CONFIDENCE, 1.0 / runs.max(1) as f64));
    (runs > 1)
        .then(|| format!("what happens in fewer than {} % of runs may not have been met in {runs}", figure(rarer)))
}

/// No runs yet, of these policies.
fn no_runs(plans: &[&Plan], args: &Compare) -> Replications {
    let names: Vec<&str> = plans.iter().map(|plan| plan.policy.as_str()).collect();
    Replications::new(args.seed, &names)
}

/// Refuses seeds beyond the last one.
fn seeds(args: &Compare) -> anyhow::Result<()> {
    let most = match args.replications {
        Count::Fixed(count) => count,
        Count::Auto => at_most(args),
    };
    check_seeds(args.seed, most)
}

/// Makes the runs under varied assumptions; `None` if that was interrupted.
fn vary(
    making: &mut Making<'_>,
    comparison: &Comparison,
    kept: &Kept,
    args: &Compare,
    identity: &Identity,
) -> anyhow::Result<Option<Varied>> {
    let mut used = Used::default();
    for policy in &making.runs.policies {
        used.merge(&policy.used);
    }
    let variation = Variation::of(making.plans, &used, args.seed);
    let count = comparison.replications;
    let mut runs = no_runs(making.plans, args);
    let replications = format!("{count} with varied assumptions");
    let identity = Identity { replications, ..identity.clone() };
    let blocks = kept.varied();
    let journal = if args.resume && Journal::is_in(&blocks) {
        Journal::resume(&blocks, &identity, &mut runs)?
    } else {
        Journal::create(&blocks, &identity)?
    };
    making.begin(runs, journal, variation.clone());
    making.up_to(count)?;
    making.journal.flush()?;
    if making.stopped() {
        making.bar.end();
        return Ok(None);
    }
    making.rest();
    Ok(Some(robustness(comparison, &making.runs, variation)))
}

/// The policies to compare, in the order asked for, the reference among them.
fn chosen<'l>(loaded: &'l Loaded, args: &Compare) -> anyhow::Result<Vec<&'l Planned>> {
    let mut names: Vec<&str> = Vec::new();
    let all: Vec<&str> = loaded.policies().collect();
    let asked = if args.policies.is_empty() { all } else { args.policies.iter().map(String::as_str).collect() };
    if !asked.contains(&args.reference.as_str()) {
        names.push(&args.reference);
    }
    for name in asked {
        // Twice the same runs say nothing, and a name that occurs twice may be meant for another.
        if names.contains(&name) {
            bail!("the policy `{name}` is listed twice; list each policy once");
        }
        names.push(name);
    }
    names.into_iter().map(|name| loaded.plan(name).map_err(anyhow::Error::from)).collect()
}

/// When to stop, for `--replications auto`.
fn target(args: &Compare, plans: &[&Plan]) -> anyhow::Result<Option<Target>> {
    if args.replications != Count::Auto {
        let given = [
            ("--measure", args.measure.is_some()),
            ("--precision", args.precision.is_some()),
            ("--at-most", args.at_most.is_some()),
        ];
        if let Some((flag, _)) = given.into_iter().find(|(_, given)| *given) {
            bail!("{flag} needs --replications auto; add it, or remove {flag}");
        }
        return Ok(None);
    }
    if plans.len() < 2 {
        bail!("--replications auto needs a policy to compare with `{}`", args.reference);
    }
    let measure = measure(args);
    if definition(measure).is_none() {
        let help = suggest(measure, DEFINITIONS.iter().map(|row| row.name)).unwrap_or_default();
        bail!("--measure: there is no measure `{measure}`: {help}");
    }
    for plan in plans {
        auto::check(plan, measure, args.seed)?;
    }
    let objective = plans.iter().find(|plan| plan.policy == args.reference).and_then(|plan| plan.objective);
    let allowed = allowed(objective).filter(|_| measure == HARMED).unwrap_or(0.0);
    Ok(Some(Target { measure: measure.to_owned(), precision: args.precision, allowed, most: at_most(args) }))
}

/// The measure that tells `auto` when to stop.
fn measure(args: &Compare) -> &str {
    args.measure.as_deref().unwrap_or(HARMED)
}

/// How many runs of each policy `auto` may spend.
fn at_most(args: &Compare) -> usize {
    args.at_most.unwrap_or(20_000)
}

fn identity(loaded: &Loaded, planned: &[&Planned], args: &Compare, given: Option<&Given>) -> Identity {
    let replications = match args.replications {
        Count::Fixed(count) => count.to_string(),
        Count::Auto => {
            let precision = args.precision.map_or_else(|| "the default".to_owned(), |precision| precision.to_string());
            format!("auto by {} to {precision}, at most {}", measure(args), at_most(args))
        }
    };
    let replications = given.map_or_else(|| replications.clone(), |given| given::identity(given, &replications));
    Identity {
        model_version: MODEL_VERSION.to_owned(),
        scenario: loaded.name.clone(),
        policies: planned.iter().map(|one| (one.plan.policy.clone(), hash(&one.effective))).collect(),
        first_seed: args.seed,
        replications,
    }
}

/// The journal of the runs: a new one, or that which is to be carried on.
fn journal(kept: &Kept, args: &Compare, identity: &Identity, runs: &mut Replications) -> anyhow::Result<Journal> {
    let blocks = kept.blocks();
    if args.resume { Journal::resume(&blocks, identity, runs) } else { Journal::create(&blocks, identity) }
}

/// Runs being made.
struct Making<'p> {
    plans: &'p [&'p Plan],
    planned: &'p [&'p Planned],
    runs: Replications,
    journal: Journal,
    jobs: usize,
    /// Whether each replication has assumptions of its own.
    variation: Option<Variation>,
    /// Whether each replication is a draw of a fit.
    given: Option<&'p Given>,
    interrupt: Interrupt,
    bar: Progress,
}

/// Keeps the runs and shows how far they are.
struct Recorder<'m> {
    journal: &'m mut Journal,
    interrupt: &'m mut Interrupt,
    bar: &'m Progress,
}

impl Watcher for Recorder<'_> {
    fn done(&mut self, runs: &[Done]) -> anyhow::Result<()> {
        self.bar.add(runs.len() as u64);
        self.interrupt.tick();
        self.journal.done(runs)
    }
}

impl<'p> Making<'p> {
    fn new(
        (plans, planned): (&'p [&'p Plan], &'p [&'p Planned]),
        runs: Replications,
        journal: Journal,
        jobs: usize,
        given: Option<&'p Given>,
    ) -> Self {
        // Shown on standard error, and only where that is a terminal.
        let bar = Progress::of(Work::Runs, 0, runs.runs() as u64);
        Self { plans, planned, runs, journal, jobs, variation: None, given, interrupt: Interrupt::heed(), bar }
    }

    fn stopped(&self) -> bool {
        self.interrupt.stop.load(Ordering::Relaxed)
    }

    /// Goes on to other runs, under varied assumptions.
    fn begin(&mut self, runs: Replications, journal: Journal, variation: Variation) {
        self.bar.begin_at(runs.runs() as u64);
        (self.runs, self.journal, self.variation) = (runs, journal, Some(variation));
    }

    /// All runs are kept; from here on the first signal ends the program.
    fn rest(&self) {
        self.interrupt.arm();
        self.bar.end();
    }

    /// Makes what is missing of the first `count` replications.
    fn up_to(&mut self, count: usize) -> anyhow::Result<()> {
        self.bar.set_all((count * self.plans.len()) as u64);
        let stop = Arc::clone(&self.interrupt.stop);
        let mut recorder = Recorder { journal: &mut self.journal, interrupt: &mut self.interrupt, bar: &self.bar };
        let drawn = match (&self.variation, self.given) {
            (Some(variation), _) => Some(Drawn::Assumptions(variation)),
            (None, given) => given.map(Drawn::Given),
        };
        let result = replicate(drawn, self.plans, &mut self.runs, count, self.jobs, &stop, &mut recorder);
        if result.is_err() {
            self.bar.end();
            self.journal.flush()?;
        }
        // A signal that came when all was done stops nothing.
        if self.runs.complete() >= count {
            stop.store(false, Ordering::Relaxed);
        }
        result.map_err(|error| placed(error, self.planned))
    }

    /// Makes the replications that are asked for: so many, or until the differences are known.
    fn all(&mut self, target: Option<Target>, asked: Count, reference: usize) -> anyhow::Result<Option<Settled>> {
        match (target, asked) {
            (Some(target), _) => self.until_settled(target, reference),
            (None, Count::Fixed(count)) => self.up_to(count).map(|()| None),
            (None, Count::Auto) => unreachable!("auto has a target"),
        }
    }

    /// Makes replications until the differences are known; `None` if it was interrupted.
    fn until_settled(&mut self, target: Target, reference: usize) -> anyhow::Result<Option<Settled>> {
        let mut looking = Looking::new(target, reference, self.plans.len());
        while !looking.is_settled() && !looking.is_spent() {
            let count = looking.next();
            self.up_to(count)?;
            if self.stopped() {
                return Ok(None);
            }
            looking.look(&self.runs, count)?;
        }
        Ok(Some(looking.settled()))
    }
}

/// What Ctrl-C and SIGTERM do: the first time the runs under way are the last, and a later one ends the program at once,
/// which loses nothing that is written. A signal that comes twice in one breath, as supervisors send it to a process and
/// then to its group, counts once.
struct Interrupt {
    stop: Arc<AtomicBool>,
    armed: Arc<AtomicBool>,
    since: Option<Instant>,
}

/// So long the second signal is taken for an echo of the first.
const ECHO: Duration = Duration::from_millis(500);

impl Interrupt {
    /// Heeds the signals. Where they cannot be had, the default remains, and a block is lost at most.
    fn heed() -> Self {
        let (stop, armed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        for signal in [SIGINT, SIGTERM] {
            let _ = flag::register_conditional_shutdown(signal, exit::INTERRUPTED.into(), Arc::clone(&armed));
            let _ = flag::register(signal, Arc::clone(&stop));
        }
        Self { stop, armed, since: None }
    }

    /// The next signal ends the program.
    fn arm(&self) {
        self.armed.store(true, Ordering::Relaxed);
    }

    /// Looks whether the first signal has come, and when.
    #[expect(clippy::disallowed_methods, reason = "how soon signals follow on one another; no result depends on it")]
    fn tick(&mut self) {
        if self.stop.load(Ordering::Relaxed) && self.since.get_or_insert_with(Instant::now).elapsed() >= ECHO {
            self.arm();
        }
    }
}

/// Says what is kept, and how to carry it on.
fn stopped(runs: &Replications, args: &Compare, to: &Path) -> anyhow::Result<u8> {
    let (done, complete) = (runs.runs(), runs.complete());
    let mut err = stream::stderr();
    writeln!(err, "stopped: {done} runs are saved in {}, {complete} replications of every policy", to.display())?;
    writeln!(err, "continue: {} --resume", command(args))?;
    Ok(exit::INTERRUPTED)
}

/// What the page gets.
#[derive(Clone, Copy)]
struct PageFields<'a> {
    identity: &'a Identity,
    planned: &'a [&'a Planned],
    varied: Option<&'a Varied>,
    notes: &'a [Note],
}

/// The page for people, and the brief. Where the folder lies is no part of it, so that the same comparison is the same page.
fn report(loaded: &Loaded, comparison: &Comparison, fields: PageFields<'_>, args: &Compare) -> (String, String) {
    let PageFields { identity, planned, varied, notes } = fields;
    let scenario =
        html::Scenario { name: &loaded.name, title: &loaded.title, description: loaded.description.as_deref() };
    let file = quoted(&args.scenario.display().to_string());
    let compared = Compared { identity, planned, command: &repeat(args), file: &file, varied, notes };
    (of_comparison(scenario, comparison, compared), brief::of_comparison(&loaded.title, comparison, &compared))
}

/// The command that repeats this comparison in the same folder.
fn command(args: &Compare) -> String {
    let mut command = repeat(args);
    if let Some(out) = &args.out {
        let _ = write!(command, " --out {}", quoted(&out.display().to_string()));
    }
    command
}

/// The command that repeats this comparison.
fn repeat(args: &Compare) -> String {
    let mut command = format!("windtunnel compare {}", quoted(&args.scenario.display().to_string()));
    if !args.policies.is_empty() {
        let _ = write!(command, " --policies {}", quoted(&args.policies.join(",")));
    }
    if args.reference != AS_WRITTEN {
        let _ = write!(command, " --reference {}", quoted(&args.reference));
    }
    match args.replications {
        Count::Fixed(count) => {
            let _ = write!(command, " --replications {count}");
        }
        Count::Auto => {
            let _ = write!(command, " --replications auto --measure {} --at-most {}", measure(args), at_most(args));
            if let Some(precision) = args.precision {
                let _ = write!(command, " --precision {precision}");
            }
        }
    }
    let _ = write!(command, " --seed {}", args.seed);
    if args.vary_assumptions {
        command += " --vary-assumptions";
    }
    if let Some(fit) = &args.given {
        let _ = write!(command, " --given {}", quoted(&fit.display().to_string()));
    }
    if let Some(FailIf::Worse) = args.fail_if {
        command += " --fail-if worse";
    }
    command
}

/// So many policies are named under which an act is refused.
const REFUSED_MOST: usize = 6;

/// Acts that are refused with the first seed, a note a policy: what a policy does that Azure refuses, no number shows.
fn refused(planned: &[&Planned], seed: u64) -> Vec<Note> {
    let of = |planned: &&Planned| {
        let plan = &planned.plan;
        let run = RunTo::new(plan, seed, plan.horizon).ok().filter(|_| !plan.timeline.is_empty())?;
        let acts = acts::of_ledger(plan, &run.ledger);
        let mut acts = acts.iter().filter(|act| matches!(act.fate, Fate::Refused(_) | Fate::Short(_)));
        let words = acts.next()?.words(&run.names)?;
        let more = acts.count();
        let more = if more == 0 { String::new() } else { format!("; and {more} more") };
        Some(format!("with seed {seed} under {}: {words}{more}", plan.policy))
    };
    let all: Vec<String> = planned.iter().filter_map(of).collect();
    let rest = (all.len() > REFUSED_MOST).then(|| {
        let more = all.len() - REFUSED_MOST;
        format!("acts are refused under {more} more policies: windtunnel run --policy NAME says which")
    });
    all.into_iter().take(REFUSED_MOST).chain(rest).map(Note::Text).collect()
}

/// What the numbers lean on, and what is wrong with them.
fn leaning(comparison: &Comparison, varied: Option<&Varied>) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(settled) = &comparison.settled {
        let (measure, runs) = (&settled.measure, comparison.replications);
        notes.push(if settled.done {
            format!(
                "{runs} replications are enough for {measure}: each difference is decided, or known to ± {}",
                figure(settled.margin)
            )
        } else {
            format!("{runs} replications are not enough for {measure}, and no more are allowed (--at-most)")
        });
        notes.push(format!(
            "the intervals of {measure} are valid although they were checked repeatedly (Robbins's mixture); \
            those of the other measures are valid for a number of runs fixed beforehand"
        ));
    }
    notes.extend(unmet(comparison.replications));
    for policy in &comparison.policies {
        let never = policy.never_started.iter();
        notes.extend(
            never.map(|kept| format!("{}: {} in any run, so it is never better", policy.name, kept.sentence())),
        );
        let idle = policy.idle.iter();
        notes.extend(idle.map(|idle| never::sentence_of_some(&policy.name, idle, comparison.replications)));
    }
    for policy in &comparison.policies {
        notes.extend(policy.incident.iter().map(|path| {
            format!("{}: it changes the incident ({path}), so it is compared but not recommended", policy.name)
        }));
    }
    for policy in comparison.policies.iter().filter(|policy| policy.looped > 0) {
        let (name, count) = (&policy.name, policy.looped);
        notes.push(format!(
            "{name}: in {count} runs controllers undid each other without end and the run was stopped (WT-09)"
        ));
    }
    let mut notes: Vec<Note> = notes.into_iter().map(Note::Text).collect();
    let mut used: Vec<&'static str> = comparison.policies.iter().flat_map(|policy| &policy.used).copied().collect();
    used.sort_unstable();
    used.dedup();
    match varied {
        None => {
            notes.extend(Note::assumptions_used(used));
            notes.push(Note::Text(
                "intervals (95 %) cover only the randomness of the seeds; assumptions were fixed".to_owned(),
            ));
        }
        Some(varied) => {
            let keys = |list: &[A]| list.iter().map(|one| one.row().key).collect::<Vec<_>>().join(", ");
            let Variation { drawn, stated, .. } = &varied.variation;
            if !drawn.is_empty() {
                notes.push(Note::Text(format!("assumptions varied: {} (assumptions.csv has every draw)", keys(drawn))));
            }
            if !stated.is_empty() {
                notes.push(Note::Text(format!("set by the scenario, not varied: {}", keys(stated))));
            }
            notes.push(Note::Text(
                "the tables of measures cover the randomness of the seeds alone, each interval at 95 %, with fixed \
                 assumptions"
                    .to_owned(),
            ));
        }
    }
    notes
}
