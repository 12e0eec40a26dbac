//! In simcore: a component an instance. Its time is a float; we let a unit be a millisecond, so that sums are exact.

use crate::HOLDS;
use crate::hold::Gaps;
use crate::storm::{Harm, INTERVAL, Instance, LATENCY, Storm};
use serde::Serialize;
use simcore::{Event, EventHandler, Simulation, SimulationContext, cast};
use std::cell::RefCell;
use std::rc::Rc;

#[derive(Clone, Serialize)]
struct Fail {}
#[derive(Clone, Serialize)]
struct Probe {}
#[derive(Clone, Serialize)]
struct Look {}
#[derive(Clone, Serialize)]
struct Rotate {
    up: bool,
}
#[derive(Clone, Serialize)]
struct Say {
    healthy: bool,
}
#[derive(Clone, Serialize)]
struct Know {
    healthy: bool,
}
#[derive(Clone, Serialize)]
struct Hold {
    id: u32,
}

struct Machine {
    is: Instance,
    failed: Option<u64>,
    held_up: bool,
    healthy: bool,
    harm: Rc<RefCell<Harm>>,
    cx: SimulationContext,
}

impl EventHandler for Machine {
    fn on(&mut self, event: Event) {
        let now = event.time as u64;
        cast!(match event.data {
            Probe {} => {
                let up = self.is.answers(self.failed, now);
                if up != self.held_up {
                    self.held_up = up;
                    self.cx.emit_self(Rotate { up }, LATENCY as f64);
                }
                self.cx.emit_self(Probe {}, INTERVAL as f64);
            }
            Look {} => {
                let healthy = self.is.answers(self.failed, now);
                if healthy != self.healthy {
                    self.healthy = healthy;
                    self.cx.emit_self(Say { healthy }, LATENCY as f64);
                }
                self.cx.emit_self(Look {}, INTERVAL as f64);
            }
            Fail {} => {
                self.failed = Some(now);
                self.harm.borrow_mut().fail(now);
            }
            Rotate { up } => {
                self.harm.borrow_mut().rotate(now, up);
            }
            Say { healthy } => {
                self.cx.emit_self(Know { healthy }, self.is.known_after(now) as f64);
            }
            Know { healthy } => {
                self.harm.borrow_mut().know(now, healthy);
            }
        })
    }
}

pub fn storm(storm: &Storm) -> String {
    let harm = Rc::new(RefCell::new(Harm::new(storm.instances.len())));
    let mut simulation = Simulation::new(1);
    for (nth, instance) in storm.instances.iter().enumerate() {
        let name = format!("vmss_{nth}");
        let (is, cx) = (instance.clone(), simulation.create_context(&name));
        cx.emit_self(Probe {}, is.balancer as f64);
        cx.emit_self(Look {}, is.extension as f64);
        for &at in &is.failures {
            cx.emit_self(Fail {}, at as f64);
        }
        let machine = Machine { is, failed: None, held_up: true, healthy: true, harm: harm.clone(), cx };
        simulation.add_handler(&name, Rc::new(RefCell::new(machine)));
    }
    simulation.step_until_time(storm.horizon as f64);
    harm.borrow_mut().end(storm.horizon)
}

struct Holder {
    gaps: Gaps,
    held: u64,
    end: f64,
    cx: SimulationContext,
}

impl EventHandler for Holder {
    fn on(&mut self, event: Event) {
        let now = event.time;
        cast!(match event.data {
            Hold { id } => {
                self.held += 1;
                if self.held == HOLDS {
                    self.end = now;
                }
                let gap = self.gaps.next();
                self.cx.emit_self(Hold { id }, gap as f64);
            }
        })
    }
}

pub fn hold(pending: u32) -> String {
    let mut simulation = Simulation::new(1);
    let cx = simulation.create_context("holder");
    let mut gaps = Gaps::new();
    for id in 0..pending {
        cx.emit_self(Hold { id }, gaps.next() as f64);
    }
    let holder = Rc::new(RefCell::new(Holder { gaps, held: 0, end: 0.0, cx }));
    simulation.add_handler("holder", holder.clone());
    while holder.borrow().held < HOLDS {
        simulation.step();
    }
    let end = holder.borrow().end;
    (end as u64).to_string()
}
