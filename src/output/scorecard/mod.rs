//! The scorecard of a drill: a fleet in every incident, on the terminal, as JSON and as a page that people forward.

pub mod html;
pub mod json;
pub(in crate::output) mod strip;
pub mod terminal;

use crate::experiment::assessment::allowed;
use crate::experiment::drill::card::{Came, Standing, Verdict};
use crate::experiment::drill::prepare::Prepared;
use crate::experiment::drill::search::{Row, Scorecard, Tried, Worse, YARDSTICK};
use crate::input::draft::Way;
use crate::input::drill::of_draft::Candidate;
use crate::input::drill::{Drill, Handle, Rollout, Value};
use std::fmt;
use windtunnel_sim::plan::Plan;
use windtunnel_words::number::{beside_limit, count, decimals, in_one_unit, percent};

/// A scorecard with what it is about.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    /// The drills, in the order of the rows.
    pub drills: &'a [Drill],
    /// The fleet.
    pub fleet: &'a Prepared<'a>,
    /// The fleet that it is compared with, and where it is from.
    pub before: Option<(&'a Prepared<'a>, &'a str)>,
    /// What they came to.
    pub card: &'a Scorecard,
    /// The command that makes it again.
    pub command: &'a str,
    /// How many values of the fleet's scenario are guesses.
    pub guesses: usize,
}

/// The groups of the rows, the worst first.
const GROUPS: [(Verdict, &str); 7] = [
    (Verdict::Broke, "Broke in every run"),
    (Verdict::Depends, "Depends on chance"),
    (Verdict::NeverStarted, "The rollout never started"),
    (Verdict::Held, "Held in every run"),
    (Verdict::NotJudged, "Not judged, since no users are known"),
    (Verdict::Refused, "Azure refuses it"),
    (Verdict::CannotHappen, "Cannot happen to this fleet"),
];

/// What to do about guesses.
const GUESSED: &str = "A drill takes no scenario: `--out DIR` writes each incident as one; change their lines there, and run \
    `windtunnel compare` on it.";

/// So many incidents that are worse than before are named in the finding.
const WORSE: usize = 3;

impl<'a> Sheet<'a> {
    /// The rows of incidents with their drills, without the yardstick.
    fn rows(&self) -> impl Iterator<Item = (usize, &'a Drill, &'a Row)> + use<'a> {
        let all = self.drills.iter().zip(&self.card.rows).enumerate().skip(YARDSTICK + 1);
        all.map(|(at, (drill, row))| (at, drill, row))
    }

    /// Those of a verdict, the most harmful first.
    fn group(&self, verdict: Verdict) -> Vec<(usize, &'a Drill, &'a Row)> {
        let mut all: Vec<_> = self.rows().filter(|(.., row)| row.standing.verdict == verdict).collect();
        let harm = |row: &Row| row.standing.harm.or(row.standing.instances_pct).map_or(0.0, |came| came.mean);
        all.sort_by(|a, b| harm(b.2).total_cmp(&harm(a.2)).then(a.0.cmp(&b.0)));
        all
    }

    fn plan(&self) -> Option<&'a Plan> {
        self.fleet.some_plan()
    }

    /// Harm in percent that the objective leaves room for.
    fn allowed(&self) -> Option<f64> {
        allowed(self.plan()?.objective)
    }

    /// Users come to the fleet.
    fn has_users(&self) -> bool {
        self.fleet.handles.get(Handle::EntryPoint).is_some()
    }

    /// Harm in percent: of requests, or of instances where no users come.
    fn harm(&self, one: &Standing) -> Option<Came> {
        if self.has_users() { one.harm } else { one.instances_pct }
    }

    /// A share of requests as people read it.
    fn harmed(&self, came: Option<Came>) -> String {
        harmed(came, self.allowed().filter(|_| self.has_users()), percent)
    }

    /// What of the paths that probes ask was guessed, where it takes away what a drill could show.
    fn asked(&self) -> Option<String> {
        let paths: Vec<&str> = self.fleet.subject.fleet.of_the_server().collect();
        let list = paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(" and ");
        let verb = if paths.len() == 1 { "is taken for a page" } else { "are taken for pages" };
        (!paths.is_empty()).then(|| {
            format!("{list} {verb} of the server: a probe of it does not notice what the application behind it lacks.")
        })
    }

    fn text(&self, handle: Handle) -> String {
        self.fleet.handles.get(handle).map_or_else(String::new, Value::text)
    }

    /// The fleet in some words: where it is, and how large.
    fn about(&self) -> String {
        let set = self.text(Handle::Set);
        let plan = self.plan();
        let of = plan.and_then(|plan| plan.sets.iter().find(|one| one.name == set));
        let zones = of.map_or(0, |of| of.zones.len());
        let instances = count(of.map_or(0, |of| of.capacity as usize), "instance");
        let place = match zones {
            0 => "without zones".to_owned(),
            1 => "in one zone".to_owned(),
            more => format!("in {more} zones"),
        };
        let others = plan.map_or(0, |plan| plan.sets.len().saturating_sub(1));
        let others = if others > 0 { format!(", beside {}", count(others, "other set")) } else { String::new() };
        format!("{} · {instances} {place}{others}", self.text(Handle::Region))
    }

    /// What an incident is held to.
    fn objective(&self) -> String {
        match self.allowed().filter(|_| self.has_users()) {
            Some(allowed) => format!("objective: at most {} of requests harmed", percent(allowed)),
            None => "no users are known: an incident holds that makes at most 20 % of the instances bad".to_owned(),
        }
    }

    fn seeds(&self) -> String {
        let (first, runs) = (self.card.first_seed, self.card.runs);
        format!("{} an incident, seeds {first} to {}", count(runs, "run"), first + (runs as u64).saturating_sub(1))
    }

    /// The finding.
    fn title(&self) -> String {
        let (held, of) = self.card.held();
        let set = self.text(Handle::Set);
        match self.card.held_before() {
            _ if of == 0 => format!("No incident could be tried on {set}"),
            None => format!("{set} holds {held} of {}", count(of, "incident")),
            Some((before, all)) => {
                let was = match (before == held, all == of) {
                    (true, true) => ", as before".to_owned(),
                    (false, true) => format!("; before it held {before}"),
                    (_, false) => format!("; before it held {before} of {all}"),
                };
                format!("With the change {set} holds {held} of {}{was}{}", count(of, "incident"), self.worse())
            }
        }
    }

    /// What is worse than before, as the end of the finding: what the exit code is about must not be in a row alone.
    fn worse(&self) -> String {
        let worse: Vec<(usize, Worse)> =
            (0..self.drills.len()).filter_map(|at| Some((at, self.card.worse(at)?))).collect();
        let more = worse.len().saturating_sub(WORSE);
        let named = |(at, how): &(usize, Worse)| {
            let title = lower(&self.drills[*at].title);
            match how {
                Worse::Stopped => "a good image no longer reaches every instance".to_owned(),
                Worse::New => format!("{title} (could not happen before)"),
                Worse::Lost => format!("{title} (was held)"),
                Worse::Harms => title,
            }
        };
        if worse.is_empty() {
            return String::new();
        }
        let list = worse[..worse.len() - more].iter().map(named).collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!(". Worse: {list}{more}")
    }

    /// What stands below it: the worst, and how long a good rollout takes.
    fn lead(&self) -> String {
        let good = match &self.card.rows.first().map(|row| &row.standing) {
            Some(one) if one.runs > 0 => good_rollout(one, self.fleet.subject.fleet.way),
            Some(one) => format!("A good image cannot be rolled out: {}.", one.why.as_deref().unwrap_or("not known")),
            None => String::new(),
        };
        let worst = self.rows().filter(|(.., row)| matches!(row.standing.verdict, Verdict::Broke | Verdict::Depends));
        let harm = |row: &Row| row.standing.harm.map_or(0.0, |came| came.mean);
        let worst = worst.max_by(|a, b| harm(a.2).total_cmp(&harm(b.2)).then(b.0.cmp(&a.0)));
        let worst = worst.and_then(|(_, drill, row)| {
            let harm = row.standing.harm?;
            Some(format!(" Most harm: {} ({} of requests).", lower(&drill.title), self.harmed(Some(harm))))
        });
        good + &worst.unwrap_or_default()
    }

    fn candidate(&self, tried: &Tried) -> &'a Candidate {
        &self.fleet.candidates[tried.change]
    }

    /// The one change that would help most.
    fn best(&self) -> Option<&'a Tried> {
        self.card.best.map(|at| &self.card.tried[at])
    }

    /// What a change does for the whole fleet.
    fn gain(&self, tried: &Tried) -> String {
        let (held, of) = self.card.held();
        if tried.held > held {
            return format!("{held} of {} held become {}", count(of, "incident"), tried.held);
        }
        let harm = |one: &Standing| one.harm.or(one.instances_pct).map_or(0.0, |came| came.mean);
        let (before, after) = self.rows().fold((0.0, 0.0), |(before, after), (at, _, row)| {
            let with = tried.standings[at].as_ref().map_or(0.0, harm);
            if tried.standings[at].is_some() { (before + harm(&row.standing), after + with) } else { (before, after) }
        });
        let less = if before > 0.0 { 100.0 * (before - after) / before } else { 0.0 };
        format!(
            "it still holds {held} of {}, and takes away {less:.0} % of the harm of all of them",
            count(of, "incident")
        )
    }

    /// Why no change is advised.
    fn no_change(&self) -> String {
        let (held, of) = self.card.held();
        match self.card.tried.len() {
            _ if of == 0 => "No incident could be tried.".to_owned(),
            _ if held == of => "No change is needed: every incident that can happen is held.".to_owned(),
            0 => "No change was found to try.".to_owned(),
            1 => "The one change that was tried does not help enough.".to_owned(),
            more => format!("None of the {more} changes that were tried helps enough."),
        }
    }

    /// What is said of an incident that is not held, and that no change helps.
    fn no_help(&self, row: &Row) -> Option<&'static str> {
        let breaks = matches!(row.standing.verdict, Verdict::Broke | Verdict::Depends);
        (breaks && row.remedy.is_none() && !self.card.tried.is_empty()).then_some("nothing that was tried helps much")
    }

    /// What changed for the better or worse in an incident, against the fleet before: how, and by how much.
    fn change(&self, row: &Row) -> Option<String> {
        let paired = self.card.changed(row)?;
        let word = paired.verdict.words();
        let Some(by) = paired.difference else { return Some(format!("surely {word}")) };
        let half = by.interval.map_or(0.0, |interval| (interval.high - interval.low) / 2.0);
        Some(format!("surely {word}: {} ± {} points", signed(by.mean), decimals(half, 3)))
    }
}

fn signed(value: f64) -> String {
    let text = decimals(value, 3);
    if value > 0.0 && text != "0" { format!("+{text}") } else { text.replace('-', "−") }
}

/// The first letter in lower case, where it is none of a name.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

/// How the good rollout went.
fn good_rollout(one: &Standing, way: Option<Way>) -> String {
    match (one.reached_s, one.reached) {
        (Some(came), reached) if reached == one.runs => {
            let by_hand = match way {
                Some(Way::ByHand) => ", by hand: the others follow 30 min after the first",
                _ => "",
            };
            let took = in_one_unit(came.mean);
            format!("A good image serves on every instance {took} after the first one is taken{by_hand}.")
        }
        (_, 0) => match &one.why {
            Some(why) => format!("A good image never reaches every instance: {why}."),
            None => "A good image never reaches every instance.".to_owned(),
        },
        (_, reached) => format!("A good image reaches every instance in {reached} of {} runs.", one.runs),
    }
}

/// A share with its bound where it was still open, its number written like this; what is above the objective does not look like it.
fn harmed(came: Option<Came>, allowed: Option<f64>, number: fn(f64) -> String) -> String {
    came.map_or_else(
        || "–".to_owned(),
        |came| format!("{}{}", if came.open { "≥ " } else { "" }, beside_limit(came.mean, allowed, number)),
    )
}

/// A length of time in the mean.
fn length(came: Option<Came>) -> String {
    match came {
        None => "–".to_owned(),
        Some(came) if came.mean == 0.0 && !came.open => "none".to_owned(),
        Some(came) => format!("{}{}", if came.open { "≥ " } else { "" }, in_one_unit(came.mean)),
    }
}

/// Instances in the mean, and of how many that is the greatest share at once.
fn instances(one: &Standing) -> String {
    one.instances.map_or_else(
        || "–".to_owned(),
        |came| if came.mean == 0.0 { "none".to_owned() } else { decimals(came.mean, usize::from(came.mean < 9.95)) },
    )
}

/// What belongs to what became of a rollout.
enum Beside {
    Nothing,
    /// It was so in some of the runs.
    Some {
        count: usize,
        of: usize,
    },
    Words(&'static str),
}

impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Some { count, of } => write!(f, "in {count} of {of}"),
            Self::Words(words) => f.write_str(words),
        }
    }
}

/// What became of the rollout, and what belongs to it.
fn halt(drill: &Drill, one: &Standing) -> (String, Beside) {
    let outcomes = one.outcomes;
    let some = |count: usize| if count == one.runs { Beside::Nothing } else { Beside::Some { count, of: one.runs } };
    match (drill.rollout, one.verdict) {
        (_, Verdict::CannotHappen | Verdict::Refused) => ("–".to_owned(), Beside::Nothing),
        (None, _) => ("no rollout".to_owned(), Beside::Nothing),
        (_, Verdict::NeverStarted) => ("never started".to_owned(), Beside::Nothing),
        (Some(_), _) if outcomes.completed + outcomes.halted + outcomes.running == 0 => {
            ("cannot halt".to_owned(), Beside::Words("no batches"))
        }
        (Some(Rollout::Bad), _) if outcomes.halted == 0 => {
            let beside = if outcomes.completed == one.runs { Beside::Words("completed") } else { Beside::Nothing };
            ("never".to_owned(), beside)
        }
        (Some(Rollout::Bad), _) => {
            let after = one.halt_s.map_or_else(|| "at once".to_owned(), |came| in_one_unit(came.mean));
            (after, some(outcomes.halted))
        }
        (Some(Rollout::Good), _) if outcomes.halted > 0 => ("good, halted".to_owned(), some(outcomes.halted)),
        (Some(Rollout::Good), _) if outcomes.completed < one.runs => {
            ("not ended".to_owned(), some(one.runs - outcomes.completed))
        }
        (Some(Rollout::Good), _) => ("completed".to_owned(), Beside::Nothing),
    }
}

/// The verdict with its count.
fn verdict(one: &Standing) -> String {
    match one.verdict {
        Verdict::Depends => format!("{} of {}", one.held, one.runs),
        other => other.words().to_owned(),
    }
}

/// A part of what a change costs: `+10 min`, and of what: `on a good rollout (2 h)`.
struct Cost {
    by: String,
    of: String,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.by)?;
        if self.of.is_empty() { Ok(()) } else { write!(f, " {}", self.of) }
    }
}

/// What a change costs: of the good rollout, and in instance hours.
fn costs(sheet: &Sheet<'_>, tried: &Tried) -> [Cost; 2] {
    let unknown = |what: &str| Cost { by: what.to_owned(), of: String::new() };
    let own = sheet.card.rows.first().map(|row| &row.standing);
    let longer = tried.longer.as_ref().and_then(|paired| paired.difference).map(|difference| difference.mean);
    let length = own.and_then(|one| one.reached_s).map(|came| came.mean);
    let longer = match longer {
        None => unknown("the good rollout as long as before, or not known"),
        Some(by) => Cost {
            by: more_time(by),
            of: format!(
                "on a good rollout{}",
                length.map_or_else(String::new, |all| format!(" ({})", in_one_unit(all)))
            ),
        },
    };
    let hours = match tried.hours {
        None => unknown("instance hours not known"),
        Some(by) => {
            let own = own.and_then(|one| one.hours).map(|came| came.mean);
            let share = own
                .filter(|own| *own > 0.0)
                .map_or_else(String::new, |own| format!(", {} %", signed_one(100.0 * by / own)));
            let run = in_one_unit(sheet.fleet.horizon.seconds());
            Cost { by: format!("{} instance hours", signed_one(by)), of: format!("in {run}{share}") }
        }
    };
    [longer, hours]
}

fn more_time(by: f64) -> String {
    match by {
        by if by.abs() < 1.0 => "+0 min".to_owned(),
        by if by < 0.0 => format!("−{}", in_one_unit(-by)),
        by => format!("+{}", in_one_unit(by)),
    }
}

fn signed_one(value: f64) -> String {
    let text = decimals(value, 1).replace('-', "−");
    if text.starts_with('−') { text } else { format!("+{text}") }
}
