//! Fields of facts in words: the names of ids, and values as they are written down.

use super::Names;
use super::autoscale::short;
use super::guest::{extension, release};
use super::spot::price;
use crate::number::hundredths;
use std::borrow::Cow;
use windtunnel_sim::rules::key;
use windtunnel_sim::world::fact::{Fact, Field};

impl Names<'_> {
    /// A value of a fact, as text.
    #[must_use]
    pub fn field(&self, field: Field) -> Cow<'_, str> {
        match field {
            Field::Instance(id) => self.instance(id).into(),
            Field::Set(id) => self.set(id).into(),
            Field::Pool(id) => self.pool(id).into(),
            Field::EntryPoint(id) => self.entry_point(id).into(),
            Field::Pipeline(id) => self.pipeline(id).into(),
            Field::Project(id) => self.project(id).into(),
            Field::Step(project, step) => self.step(project, step).into(),
            Field::Phase(project, phase) => self.phase(project, phase).into(),
            Field::Action(id) => self.action(id).into(),
            Field::Fault(id) => self.plan.faults[id.index()].name.as_str().into(),
            Field::Image(id) => self.image(id).into(),
            Field::Definition(id) => self.definition(id).into(),
            Field::Region(id) => self.region(id).into(),
            Field::Builder(id) => self.builder(id).into(),
            Field::Gateway(id) => self.plan.gateways[id.index()].name.as_str().into(),
            Field::TrafficProfile(id) => self.profile_of_traffic(id).into(),
            Field::Target(id) => self.target(id).into(),
            Field::FrontDoor(id) => self.front_door(id).into(),
            Field::Setting(id) => self.setting(id).name.as_str().into(),
            Field::AgentPool(id) => self.agent_pool(id).into(),
            Field::JobStream(pool, stream) => self.job_stream(pool, stream).into(),
            Field::Code(code) => self.code(code).into(),
            Field::Dependency(index) => self.dependency(index).into(),
            Field::Number(number) => number.to_string().into(),
            Field::Flag(flag) => flag.to_string().into(),
            Field::Decimal(value) => short(value).into(),
            Field::Word(word) => word.into(),
            Field::Length(length) => length.to_string().into(),
            Field::Seconds(ms) => (ms as f64 / 1000.0).to_string().into(),
            Field::Percent(share) => format!("{} %", hundredths(share)).into(),
            Field::Price(millionths) => price(millionths).to_string().into(),
            Field::Version(number) => number.to_string().into(),
            Field::Act(action) => self.act(action).into(),
            Field::FaultAct(fault) => self.act_of(&self.plan.faults[fault.index()].what).into(),
            Field::Endpoint(endpoint) => self.endpoint(endpoint).into(),
            Field::ExtensionOn(instance, number) => self.extension(instance, number).into(),
            Field::ExtensionOf(set, number) => extension(self, set, number).into(),
            Field::PublishedExtension(action) => release(self, action).0.into(),
            Field::PublishedVersion(action) => release(self, action).1.into(),
            Field::Quota(set, pool) => self.quota(set, pool).into(),
            Field::Standby(set) => self.standby(set).into(),
            Field::Size(set, by) => self.size(set, by).into(),
            Field::Customizer(builder, step) => self.customizer(builder, step).into(),
            Field::Validator(builder, step) => self.validator(builder, step).into(),
            Field::Profile(setting, profile) => self.profile(setting, profile).into(),
            Field::ScaleRule(setting, profile, rule) => self.condition(self.scale_rule(setting, profile, rule)).into(),
            Field::Threshold(setting, profile, rule) => {
                self.scale_rule(setting, profile, rule).trigger.threshold.to_string().into()
            }
            Field::RollingTimeout => self.plan.assumptions.get(key::RollingTimeout).to_string().into(),
            Field::RefusalCode(refusal) => self.refusal(refusal).code.unwrap_or("refused").into(),
            Field::RefusalText(refusal) => self.refusal(refusal).text.as_str().into(),
        }
    }

    /// What a fact is about: the instance, or else the entry point, the set, the action, the code or the dependency.
    #[must_use]
    pub fn subject(&self, fact: &Fact) -> Cow<'_, str> {
        fact.subject().map_or(Cow::Borrowed("run"), |subject| self.field(subject))
    }

    /// The rest of a fact, as `name=value` joined by `; `.
    #[must_use]
    pub fn detail(&self, fact: &Fact) -> String {
        let pairs = fact.fields().into_iter().map(|(name, field)| match (name, self.field(field)) {
            ("", text) => text.into_owned(),
            (name, text) => format!("{name}={text}"),
        });
        pairs.collect::<Vec<_>>().join("; ")
    }
}
