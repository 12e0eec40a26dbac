//! Jobs and who does them: how long they wait, how many wait at once, and how long agents are idle.

use super::value::Value;
use crate::engine::time::SimTime;
use crate::world::fact::{AgentFact, Fact, JobFact, Record};
use crate::world::ids::InstanceId;
use std::collections::BTreeMap;

/// What became of jobs before they began, and of agents.
#[derive(Clone, Debug, Default)]
pub struct Agents {
    /// Jobs that wait, by their numbers, each with when it came.
    waiting: BTreeMap<u32, SimTime>,
    /// How long those that began had waited, in milliseconds.
    waits: Vec<u64>,
    /// How many waited at once at most, as far as that lasted.
    pub(super) most_waiting: u32,
    /// Agents that are online, each with whether it works.
    online: BTreeMap<InstanceId, bool>,
    idle: u32,
    idle_ms: u64,
    last: SimTime,
    /// Machines that were deleted under a job.
    pub(super) deleted_busy: u32,
    working: BTreeMap<InstanceId, u32>,
    end: SimTime,
}

impl Agents {
    /// Takes in a fact.
    pub fn record(&mut self, record: &Record) {
        let now = record.time;
        match record.fact {
            Fact::Job(JobFact::Queued { job } | JobFact::QueuedFor { job, .. }) => {
                self.advance(now);
                self.waiting.insert(job, now);
            }
            Fact::Job(JobFact::Started { instance, job }) => {
                self.advance(now);
                if let Some(came) = self.waiting.remove(&job) {
                    self.waits.push(now.since(came).ms());
                }
                self.working.insert(instance, job);
                self.works(instance, true);
            }
            Fact::Job(JobFact::Ended { instance, .. } | JobFact::Lost { instance, .. }) => {
                self.advance(now);
                self.working.remove(&instance);
                self.works(instance, false);
            }
            Fact::InstanceDeleting { instance, .. } if self.working.contains_key(&instance) => self.deleted_busy += 1,
            Fact::Agent(AgentFact::Online { instance }) => {
                self.advance(now);
                self.online.insert(instance, false);
                self.idle += 1;
            }
            Fact::Agent(AgentFact::Offline { instance, .. }) => {
                self.advance(now);
                if self.online.remove(&instance) == Some(false) {
                    self.idle -= 1;
                }
            }
            _ => {}
        }
    }

    /// An agent begins or ceases to work.
    fn works(&mut self, instance: InstanceId, to: bool) {
        let Some(works) = self.online.get_mut(&instance) else { return };
        match (std::mem::replace(works, to), to) {
            (false, true) => self.idle -= 1,
            (true, false) => self.idle += 1,
            _ => {}
        }
    }

    /// Integrates up to this instant, and takes the values that held until then.
    fn advance(&mut self, to: SimTime) {
        if to > self.last {
            self.idle_ms += u64::from(self.idle) * to.since(self.last).ms();
            self.most_waiting = self.most_waiting.max(self.waiting.len() as u32);
            self.last = to;
        }
    }

    /// The run is over.
    pub fn end(&mut self, at: SimTime) {
        self.advance(at);
        self.end = at;
    }

    /// Hours that agents were idle.
    pub(super) fn idle_h(&self) -> f64 {
        self.idle_ms as f64 / 3_600_000.0
    }

    /// The wait that this many percent of the jobs do not exceed: of the waits in order, the one at that share, rounded up. Those that
    /// wait still are taken to wait at least as long as any.
    pub(super) fn wait(&self, percent: usize) -> Option<Value> {
        let all = self.waits.len() + self.waiting.len();
        let place = (all * percent).div_ceil(100).checked_sub(1)?;
        let open = self.waiting.values().map(|&came| self.end.since(came).ms());
        // What is open hides what it will come to: the bound is that of the waits as they are.
        let mut waits: Vec<u64> = self.waits.iter().copied().chain(open.clone()).collect();
        waits.sort_unstable();
        let wait = waits[place];
        let is_open = open.into_iter().any(|open| open <= wait);
        let seconds = wait as f64 / 1000.0;
        Some(Value::so_far(seconds, is_open))
    }
}
