//! Octopus in random scenarios: targets that register, triggers, people who deploy, and processes of every kind of step. Drawn from
//! a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Calamari, Condition, DeployChild, DeploymentTrigger, Guided, GuidedAnswer, Lifecycle, MachinePolicy,
    Octopus, OctopusAct, Of, OnTargets, Phase, Place, Plan, PowerAct, Project, ProvisionCheck, Registration, Required,
    Step, StepKind, TargetGroup, TargetName, TriggerOn, Which,
};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the other kinds.
const ITEM: u64 = 1401;
/// That of lifecycles.
const LIFECYCLES: u64 = 1402;

impl Plan {
    /// With Octopus, in a third of the scenarios.
    pub(super) fn with_octopus(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if !draw.chance(0.35) {
            return self;
        }
        for (assumption, most_s) in [(A::OctopusHealthCheck, 15), (A::OctopusCalamari, 15), (A::OctopusLostContact, 20)]
        {
            let length = draw.length(0, most_s);
            self.set_assumption(assumption, Value::Time(length));
        }
        let phase = if draw.on_grid { "aligned" } else { "seeded" };
        self.set_assumption(A::OctopusScanPhase, Value::Choice(phase));
        self.set_assumption(A::OctopusHealthCheckPhase, Value::Choice(phase));
        let during = draw.pick(&["after_end", "queued"]);
        self.set_assumption(A::OctopusTriggerDuringDeployment, Value::Choice(during));
        let rerun = draw.pick(&["withdraws", "keeps"]);
        self.set_assumption(A::OctopusFailedRerun, Value::Choice(rerun));
        let word = draw.pick(&["updating", "updating", "provisioning"]);
        self.set_assumption(A::OctopusSetState, Value::Choice(word));
        let sets = self.sets.len();
        self.octopus = draw.octopus(sets);
        draw.people(&mut self);
        self.with_lifecycle(&mut Draw::of(number, LIFECYCLES));
        self.timeline.sort_by_key(|action| action.at);
        self
    }
}

impl Plan {
    /// In half of them releases go from phase to phase, some for a tenant, and what people deploy is refused at times.
    fn with_lifecycle(&mut self, draw: &mut Draw) {
        if !draw.chance(0.5) {
            return;
        }
        let names: &[(&str, Option<&str>)] =
            &[("staging", None), ("production", None), ("staging", Some("contoso")), ("production", Some("contoso"))];
        let count = draw.pick(&[2, 2, 4]);
        let place = |&(environment, tenant): &(&str, Option<&str>)| Place {
            environment: environment.into(),
            tenant: tenant.map(str::to_owned),
        };
        let of = &mut self.octopus;
        of.places = names[..count].iter().map(place).collect();
        for group in &mut of.targets {
            group.place = draw.below(count as u64) as u16;
        }
        let order = draw.below(5);
        let mut phase = |name: &str, places: Vec<u16>| {
            let automatic = draw.chance(0.6);
            Phase {
                name: name.into(),
                manual: if automatic { Vec::new() } else { places.clone() },
                automatic: if automatic { places } else { Vec::new() },
                required: draw.pick(&[Required::All, Required::All, Required::Minimum(1), Required::Nothing]),
            }
        };
        let at = |environment: usize| (environment..count).step_by(2).map(|at| at as u16).collect::<Vec<_>>();
        // Both environments one after the other, both in one phase, or one of them in none.
        let phases = match order {
            0 => vec![phase("all", (0..count as u16).collect())],
            1 => vec![phase("try", at(0))],
            _ => vec![phase("try", at(0)), phase("go", at(1))],
        };
        of.lifecycles = vec![Lifecycle { name: "to production".into(), phases }];
        for project in &mut of.projects {
            project.lifecycle = draw.chance(0.8).then_some(0);
            project.deployed = project.deployed.filter(|_| draw.chance(0.6));
        }
        for action in &mut self.timeline {
            if let Act::Octopus(OctopusAct::Deploy { place, .. }) = &mut action.what {
                *place = draw.below(count as u64) as u16;
            }
        }
        let projects = self.octopus.projects.len() as u64;
        for i in 0..draw.below(3) {
            let (project, release) = (draw.below(projects) as u16, draw.below(2) as u16);
            let what = Act::Octopus(OctopusAct::Create { project, release });
            let at = SimTime::ZERO + draw.length(0, 500);
            self.timeline.push(Action { name: format!("create {i}"), at, what });
        }
    }
}

impl Draw {
    fn octopus(&mut self, sets: usize) -> Octopus {
        let place =
            |tenant: Option<&str>| Place { environment: "production".into(), tenant: tenant.map(str::to_owned) };
        let apart = sets > 1 && self.chance(0.3);
        let numbered = self.chance(0.5);
        let other = self.pick(&[TargetName::ComputerName, TargetName::InstanceName]);
        let naming = if numbered { TargetName::Numbered } else { other };
        let targets = (0..sets).map(|set| self.group(set, naming, u16::from(apart && set == 1))).collect();
        let steps = self.process();
        let mut web = self.project("web", steps);
        let mut projects = Vec::new();
        if self.chance(0.5) {
            // A project of its own has the trigger, and deploys the other.
            let process = self.orchestration();
            web.trigger = web.trigger.filter(|_| self.chance(0.2));
            let parent = self.project("scale-set-web", process);
            projects.push(parent);
        }
        projects.insert(0, web);
        Octopus {
            policies: vec![self.policy()],
            targets,
            places: if apart { vec![place(None), place(Some("contoso"))] } else { vec![place(None)] },
            roles: vec!["web".into(), "spare".into()],
            projects,
            lifecycles: Vec::new(),
        }
    }

    fn policy(&mut self) -> MachinePolicy {
        MachinePolicy {
            name: "elastic".into(),
            interval: self.length(30, 150),
            delete_after: self.chance(0.7).then(|| self.length(10, 150)),
            calamari: self.pick(&[Calamari::OnDeployment, Calamari::Always]),
            warns: if self.chance(0.2) { 0.3 } else { 0.0 },
            fails: if self.chance(0.3) { 0.3 } else { 0.0 },
        }
    }

    fn group(&mut self, set: usize, naming: TargetName, place: u16) -> TargetGroup {
        TargetGroup {
            name: format!("targets-{set}"),
            set: set as u16,
            roles: self.pick(&[1, 1, 3]),
            place,
            policy: 0,
            by: self.pick(&[Registration::Script, Registration::Script, Registration::Extension]),
            after: self.length(0, 20),
            idempotent: self.chance(0.6),
            naming,
            // m1 of the first set and m10 of the second contain each other.
            prefix: if set == 0 { "m".into() } else { "m1".into() },
        }
    }

    fn project(&mut self, name: &str, steps: Vec<Step>) -> Project {
        let trigger = DeploymentTrigger {
            on: self.pick(&[
                TriggerOn::BecomesAvailable,
                TriggerOn::BecomesAvailable,
                TriggerOn::Created,
                TriggerOn::HealthChanged,
            ]),
            redeploys: self.chance(0.2),
        };
        let answers = [GuidedAnswer::Exclude, GuidedAnswer::Fail, GuidedAnswer::Retry, GuidedAnswer::Ignore];
        Project {
            deployed: self.chance(0.75).then(|| self.below(2) as u16),
            allows_none: self.chance(0.8),
            skips_unavailable: self.chance(0.6),
            excludes_unhealthy: self.chance(0.7),
            guided: self.chance(0.5).then(|| Guided { answer: self.pick(&answers), delay: self.length(5, 60) }),
            trigger: self.chance(0.9).then_some(trigger),
            ..Project::plain(name, steps)
        }
    }

    fn on_targets(&mut self) -> OnTargets {
        OnTargets {
            duration: self.dist(5, 60),
            failure: if self.chance(0.3) { 0.3 } else { 0.0 },
            window: self.pick(&[1, 2, 10]),
            installs: true,
            starts_process: self.chance(0.05),
            roles: self.pick(&[0, 0, 2]),
            of: Of::Deployment,
        }
    }

    /// What a project does itself: steps on targets, with a health check between them at times.
    fn process(&mut self) -> Vec<Step> {
        let step = |name: &str, what| Step { name: name.into(), condition: Condition::Always, what };
        let mut first = self.on_targets();
        (first.installs, first.starts_process) = (false, false);
        let mut steps = vec![step("prepare", StepKind::Targets(first))];
        if self.chance(0.5) {
            let health = StepKind::HealthCheck { skips_unavailable: self.chance(0.7), includes_new: self.chance(0.8) };
            let condition = self.pick(&[Condition::Always, Condition::Always, Condition::Triggered]);
            steps.push(Step { condition, ..step("health", health) });
        }
        if self.chance(0.25) {
            steps.push(step("check", StepKind::Provision(self.check())));
            let mut on = self.on_targets();
            on.of = self.pick(&[Of::Output, Of::Deployment]);
            steps.push(step("install what was named", StepKind::Targets(on)));
        } else {
            let on = self.on_targets();
            steps.push(step("install", StepKind::Targets(on)));
        }
        steps
    }

    fn check(&mut self) -> ProvisionCheck {
        ProvisionCheck {
            set: 0,
            readable: self.chance(0.85),
            roles: self.pick(&[1, 1, 3]),
            timeout: if self.chance(0.7) { self.length(5, 30) } else { self.length(30, 120) },
            fails_at_timeout: self.chance(0.2),
            duplicate_time: SimDuration::from_secs(self.pick(&[0, 30, 180])),
            cancels_duplicates: self.chance(0.4),
            excludes_existing: self.chance(0.5),
        }
    }

    /// The project of the guide: a check of the set, and the deployment of another project.
    fn orchestration(&mut self) -> Vec<Step> {
        let waits = self.chance(0.8).then(|| self.length(30, 300));
        let child = DeployChild { project: 0, waits, of: self.pick(&[Of::Output, Of::Output, Of::Deployment]) };
        let condition =
            self.pick(&[Condition::HasServersToDeployTo, Condition::HasServersToDeployTo, Condition::Always]);
        vec![
            Step { name: "check".into(), condition: Condition::Always, what: StepKind::Provision(self.check()) },
            Step { name: "child".into(), condition, what: StepKind::Child(child) },
        ]
    }

    /// What people do: they deploy, often when the set has just been scaled, and lay hands on machines.
    fn people(&mut self, plan: &mut Plan) {
        let scaled: Vec<SimTime> = plan
            .timeline
            .iter()
            .filter(|action| matches!(action.what, Act::SetCapacity { .. }))
            .map(|action| action.at)
            .collect();
        for i in 0..self.below(4) {
            let near = if scaled.is_empty() { SimTime::ZERO } else { scaled[self.below(scaled.len() as u64) as usize] };
            let at = if self.chance(0.6) { near + self.length(1, 40) } else { SimTime::ZERO + self.length(0, 700) };
            let what = Act::Octopus(OctopusAct::Deploy {
                project: self.below(plan.octopus.projects.len() as u64) as u16,
                release: self.below(2) as u16,
                place: self.below(plan.octopus.places.len() as u64) as u16,
                skip: if self.chance(0.2) { 1 } else { 0 },
            });
            plan.timeline.push(Action { name: format!("deploy {i}"), at, what });
        }
        let hands = if self.chance(0.5) { self.below(3) } else { 0 };
        for i in 0..hands {
            let how = self.pick(&[PowerAct::Reimage, PowerAct::Delete, PowerAct::Deallocate, PowerAct::Start]);
            let what = Act::Power { set: 0, which: Which::Ordinals(vec![self.below(4) as u32]), how };
            plan.timeline.push(Action { name: format!("by hand {i}"), at: SimTime::ZERO + self.length(50, 700), what });
        }
    }
}
