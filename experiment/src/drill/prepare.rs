//! A fleet, fitted with every drill: a plan an incident and change.

use crate::reached::{Followed, Reached};
use windtunnel_input::drill::fit::{Fitted, Fleet, Policy, Unfit, fit, policies, scenario};
use windtunnel_input::drill::of_draft::Candidate;
use windtunnel_input::drill::{Drill, Handle, Handles, Value};
use windtunnel_input::files::Files;
use windtunnel_input::tree::Node;
use windtunnel_input::{AS_WRITTEN, LoadOptions, Loaded, Planned, Problem, Report, load_over};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::run::{Options, run};

/// When a rollout begins.
pub const START: SimDuration = SimDuration::from_mins(30);
/// A run is as long as this at least: a working day.
const HORIZON: SimDuration = SimDuration::from_mins(8 * 60);
/// So much is left of it when a good rollout is over.
const AFTER: SimDuration = SimDuration::from_mins(3 * 60);
/// No run is longer.
const LONGEST: SimDuration = SimDuration::from_mins(48 * 60);
/// So long after its begin a rollout is taken to be half done that does not come so far.
const HALF: SimDuration = SimDuration::from_mins(10);

/// A fleet that is drilled.
pub struct Subject<'a> {
    /// How its files are read.
    pub files: &'a dyn Files,
    /// The folder in which the fitted scenarios are, or would be; empty or with a `/` at the end.
    pub folder: String,
    /// Its scenario, in which nothing happens: the text, and the tree of it.
    pub text: String,
    /// The tree.
    pub draft: Node,
    /// What it gives to a drill.
    pub fleet: Fleet,
    /// Changes to try beside those of the drills.
    pub candidates: Vec<Candidate>,
}

/// A drill on a fleet.
#[derive(Debug)]
pub enum Fit {
    /// It can be run.
    Ready(Box<Ready>),
    /// It cannot happen to the fleet, for want of this.
    Lacks(String),
    /// Azure refuses what it needs.
    Refused(Report),
}

/// A drill that can be run.
#[derive(Debug)]
pub struct Ready {
    /// What is laid over the scenario of the fleet.
    pub fitted: Fitted,
    /// The plans, one a policy.
    pub loaded: Loaded,
}

/// How the rollout of a good image went with one seed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pilot {
    /// When half of the instances were on their way to the new version.
    pub half: Option<SimTime>,
    /// When all of them served on it.
    pub all: Option<SimTime>,
}

/// A fleet with all its drills.
pub struct Prepared<'a> {
    /// The fleet.
    pub subject: Subject<'a>,
    /// What stands for what in its drills.
    pub handles: Handles,
    /// How long each run is.
    pub horizon: SimDuration,
    /// How a good rollout goes.
    pub pilot: Pilot,
    /// A drill each.
    pub fits: Vec<Fit>,
    /// Changes that the fleet can have.
    pub candidates: Vec<Candidate>,
    /// Changes that it cannot have, with the reason.
    pub dropped: Vec<(Candidate, String)>,
}

impl Subject<'_> {
    /// Reads the scenario of a drill on this fleet with these policies.
    fn load(&self, name: &str, fitted: &Fitted, all: &[&Policy]) -> Result<Loaded, Report> {
        let mut over = vec![fitted.tree.clone()];
        if !all.is_empty() {
            over.push(policies(&fitted.tree, all));
        }
        self.over(name, &over)
    }

    /// Reads the scenario of the fleet with these over it.
    pub(super) fn over(&self, name: &str, over: &[Node]) -> Result<Loaded, Report> {
        load_over(self.files, &self.name(name), self.text.clone(), over, &LoadOptions::default())
    }

    /// The name under which the scenario of a drill is read: that of the file that it would be.
    #[must_use]
    pub fn name(&self, drill: &str) -> String {
        format!("{}{drill}.yaml", self.folder)
    }

    /// The file of a drill on this fleet.
    ///
    /// # Errors
    ///
    /// The drill names what a scenario does not have.
    pub fn file(&self, fitted: &Fitted, candidates: &[&Candidate]) -> Result<String, Report> {
        let policies: Vec<&Policy> =
            fitted.policies.iter().chain(candidates.iter().map(|candidate| &candidate.policy)).collect();
        scenario(&self.draft, &fitted.tree, &policies)
    }

    fn fitted(&self, drill: &Drill, handles: &Handles, horizon: SimDuration) -> Result<Fitted, Unfit> {
        let fleet = Fleet { handles: handles.clone(), ..self.fleet.clone() };
        let mut fitted = fit(drill, &fleet)?;
        fitted.default("horizon", &horizon.to_string());
        Ok(fitted)
    }

    /// How a good rollout of this fleet goes.
    fn pilot(&self, good: &Drill) -> Pilot {
        let Ok(fitted) = self.fitted(good, &self.fleet.handles, LONGEST) else { return Pilot::default() };
        let Ok(loaded) = self.load(&good.name, &fitted, &[]) else { return Pilot::default() };
        loaded.plan(AS_WRITTEN).map_or_else(|_| Pilot::default(), |planned| self.piloted(&planned.plan))
    }

    fn piloted(&self, plan: &Plan) -> Pilot {
        let Some(followed) = followed(&self.fleet.handles) else { return Pilot::default() };
        let mut sink = Watched::new(plan, Reached::new(plan, &followed));
        run(plan, 1, Options::default(), &mut sink);
        Pilot { half: sink.observers.half, all: sink.observers.all }
    }
}

/// The rollout of a fleet whose end is looked for.
#[must_use]
pub fn followed(handles: &Handles) -> Option<Followed> {
    let text = |handle: Handle| handles.get(handle).map(Value::text);
    let (set, image, next) = (text(Handle::Set)?, text(Handle::Image)?, text(Handle::NextVersion)?);
    Some(Followed { set, version: format!("{image}/{next}"), from: SimTime::ZERO + START })
}

/// How long the runs are, given how long a good rollout takes.
fn horizon(pilot: Pilot) -> SimDuration {
    const HOUR: u64 = 3_600_000;
    let wanted = pilot.all.map_or(SimDuration::ZERO, |all| all.since(SimTime::ZERO) + AFTER);
    SimDuration::from_ms(wanted.ms().div_ceil(HOUR) * HOUR).clamp(HORIZON, LONGEST)
}

/// Fits every drill to a fleet; the first is the yardstick. The measures of the incidents are those of `beside`, where there is a
/// fleet that this one is compared with: so the same happens to both.
///
/// # Errors
///
/// A drill's file is wrong.
pub fn prepare<'a>(
    subject: Subject<'a>,
    drills: &[Drill],
    beside: Option<&Prepared<'_>>,
) -> Result<Prepared<'a>, Report> {
    let pilot = drills.first().map_or_else(Pilot::default, |good| subject.pilot(good));
    let mut handles = subject.fleet.handles.clone();
    let half = pilot.half.map_or(START + HALF, |half| half.since(SimTime::ZERO));
    handles.put(Handle::Middle, Some(Value::Time(half)));
    let (handles, horizon) = match beside {
        Some(other) => (handles.measured_as(&other.handles), other.horizon),
        None => (handles, horizon(pilot)),
    };
    let fitted: Vec<Result<Fitted, Unfit>> =
        drills.iter().map(|drill| subject.fitted(drill, &handles, horizon)).collect();
    let mut all = subject.candidates.clone();
    for (name, policy) in fitted.iter().flatten().flat_map(|one| &one.policies) {
        if !all.iter().any(|known| known.name == *name) {
            let title = name.replace('-', " ");
            all.push(Candidate { name: name.clone(), title, policy: (name.clone(), policy.clone()) });
        }
    }
    let mut prepared =
        Prepared { subject, handles, horizon, pilot, fits: Vec::new(), candidates: Vec::new(), dropped: Vec::new() };
    prepared.sort_out(all, fitted.iter().flatten().next());
    for (drill, fitted) in drills.iter().zip(fitted) {
        let fit = match fitted {
            Ok(fitted) => prepared.ready(drill, fitted),
            Err(Unfit::Lacks(what)) => Fit::Lacks(what),
            Err(Unfit::Wrong(report)) => return Err(report),
        };
        prepared.fits.push(fit);
    }
    Ok(prepared)
}

/// For what Azure refuses something, in a line.
#[must_use]
pub fn refusal(report: &Report) -> String {
    report.problems().first_error().map(Problem::full).unwrap_or_default()
}

impl Prepared<'_> {
    /// Keeps the changes that the fleet can have.
    fn sort_out(&mut self, all: Vec<Candidate>, some: Option<&Fitted>) {
        let Some(some) = some else { return };
        for candidate in all {
            match self.subject.load("change", some, &[&candidate.policy]) {
                Ok(_) => self.candidates.push(candidate),
                Err(report) => {
                    self.dropped.push((candidate, refusal(&report)));
                }
            }
        }
    }

    /// Loads a drill with every change that loads with it.
    fn ready(&self, drill: &Drill, fitted: Fitted) -> Fit {
        let load = |candidates: &[&Candidate]| {
            let all: Vec<&Policy> = candidates.iter().map(|candidate| &candidate.policy).collect();
            self.subject.load(&drill.name, &fitted, &all)
        };
        let every: Vec<&Candidate> = self.candidates.iter().collect();
        let loaded = load(&every).or_else(|_| {
            // One of them does not suit this incident: it is left out here.
            let alone: Vec<&Candidate> = every.iter().copied().filter(|candidate| load(&[candidate]).is_ok()).collect();
            load(&alone)
        });
        match loaded {
            Ok(loaded) => Fit::Ready(Box::new(Ready { fitted, loaded })),
            Err(report) => Fit::Refused(report),
        }
    }

    /// What is wrong with a drill that is not of the library: all that keeps it from running and that no rule of Azure's says.
    #[must_use]
    pub fn wrong(&self) -> Option<&Report> {
        self.fits.iter().find_map(|fit| match fit {
            Fit::Refused(report) if !report.problems().iter().any(Problem::is_refusal) => Some(report),
            _ => None,
        })
    }

    /// A drill as written, or with a change, with what is known of its scenario.
    #[must_use]
    pub fn planned(&self, incident: usize, change: Option<usize>) -> Option<&Planned> {
        let Fit::Ready(ready) = &self.fits[incident] else { return None };
        let name = change.map_or(AS_WRITTEN, |at| self.candidates[at].name.as_str());
        ready.loaded.plan(name).ok()
    }

    /// The plan of a drill as written, or with a change.
    #[must_use]
    pub fn plan(&self, incident: usize, change: Option<usize>) -> Option<&Plan> {
        self.planned(incident, change).map(|planned| &planned.plan)
    }

    /// How many instances the fleet may have: of an autoscaled set as many as its profiles allow.
    #[must_use]
    pub fn most_instances(&self) -> u32 {
        let Some(plan) = self.some_plan() else { return 0 };
        let most = |(at, set): (usize, &windtunnel_sim::plan::ScaleSet)| {
            let own = plan.autoscale.iter().filter(|setting| usize::from(setting.set) == at);
            own.flat_map(|setting| &setting.profiles).map(|profile| profile.maximum).fold(set.capacity, u32::max)
        };
        plan.sets.iter().enumerate().map(most).fold(0, u32::saturating_add)
    }

    /// Some plan of the fleet.
    #[must_use]
    pub fn some_plan(&self) -> Option<&Plan> {
        (0..self.fits.len()).find_map(|incident| self.plan(incident, None))
    }
}
