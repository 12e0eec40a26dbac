//! In nexosim: a model an instance, with a mailbox of its own; one thread.

use crate::HOLDS;
use crate::hold::Gaps;
use crate::storm::{Harm, INTERVAL, Instance, LATENCY, Storm};
use nexosim::model::{Context, InitializedModel, Model};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

struct Machine {
    is: Instance,
    failed: Option<u64>,
    held_up: bool,
    healthy: bool,
    harm: Arc<Mutex<Harm>>,
}

fn now(cx: &Context<Machine>) -> u64 {
    cx.time().duration_since(MonotonicTime::EPOCH).as_millis() as u64
}

impl Machine {
    fn fail(&mut self, _: (), cx: &mut Context<Self>) {
        let now = now(cx);
        self.failed = Some(now);
        self.harm.lock().expect("one thread").fail(now);
    }

    fn probe(&mut self, _: (), cx: &mut Context<Self>) {
        let up = self.is.answers(self.failed, now(cx));
        if up != self.held_up {
            self.held_up = up;
            cx.schedule_event(ms(LATENCY), Self::rotate, up).expect("it is later");
        }
    }

    fn look(&mut self, _: (), cx: &mut Context<Self>) {
        let healthy = self.is.answers(self.failed, now(cx));
        if healthy != self.healthy {
            self.healthy = healthy;
            cx.schedule_event(ms(LATENCY), Self::say, healthy).expect("it is later");
        }
    }

    fn say(&mut self, healthy: bool, cx: &mut Context<Self>) {
        cx.schedule_event(ms(self.is.known_after(now(cx))), Self::know, healthy).expect("it is later");
    }

    fn rotate(&mut self, up: bool, cx: &mut Context<Self>) {
        self.harm.lock().expect("one thread").rotate(now(cx), up);
    }

    fn know(&mut self, healthy: bool, cx: &mut Context<Self>) {
        self.harm.lock().expect("one thread").know(now(cx), healthy);
    }
}

impl Model for Machine {
    async fn init(self, cx: &mut Context<Self>) -> InitializedModel<Self> {
        cx.schedule_periodic_event(ms(self.is.balancer), ms(INTERVAL), Self::probe, ()).expect("it is later");
        cx.schedule_periodic_event(ms(self.is.extension), ms(INTERVAL), Self::look, ()).expect("it is later");
        for &at in &self.is.failures {
            cx.schedule_event(ms(at), Self::fail, ()).expect("it is later");
        }
        self.into()
    }
}

pub fn storm(storm: &Storm) -> String {
    let harm = Arc::new(Mutex::new(Harm::new(storm.instances.len())));
    let mut bench = SimInit::with_num_threads(1);
    for (nth, instance) in storm.instances.iter().enumerate() {
        let is = instance.clone();
        let machine = Machine { is, failed: None, held_up: true, healthy: true, harm: harm.clone() };
        bench = bench.add_model(machine, Mailbox::new(), format!("vmss_{nth}"));
    }
    let (mut simulation, _) = bench.init(MonotonicTime::EPOCH).expect("it begins");
    simulation.step_until(ms(storm.horizon)).expect("it ends");
    harm.lock().expect("one thread").end(storm.horizon)
}

struct Holder {
    gaps: Gaps,
    pending: u32,
    held: u64,
    end: Arc<Mutex<u64>>,
}

impl Holder {
    fn hold(&mut self, id: u32, cx: &mut Context<Self>) {
        self.held += 1;
        if self.held == HOLDS {
            *self.end.lock().expect("one thread") =
                cx.time().duration_since(MonotonicTime::EPOCH).as_millis() as u64;
        }
        cx.schedule_event(ms(self.gaps.next()), Self::hold, id).expect("it is later");
    }
}

impl Model for Holder {
    async fn init(mut self, cx: &mut Context<Self>) -> InitializedModel<Self> {
        for id in 0..self.pending {
            cx.schedule_event(ms(self.gaps.next()), Self::hold, id).expect("it is later");
        }
        self.into()
    }
}

pub fn hold(pending: u32) -> String {
    let end = Arc::new(Mutex::new(0));
    let holder = Holder { gaps: Gaps::new(), pending, held: 0, end: end.clone() };
    let bench = SimInit::with_num_threads(1).add_model(holder, Mailbox::new(), "holder");
    let (mut simulation, _) = bench.init(MonotonicTime::EPOCH).expect("it begins");
    while *end.lock().expect("one thread") == 0 {
        simulation.step().expect("it goes on");
    }
    end.lock().expect("one thread").to_string()
}
