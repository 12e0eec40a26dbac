//! Threads: many runs at once. Which thread makes a run, and when, changes nothing in what it comes to.

use crate::experiment::column::Column;
use crate::experiment::fit::given::Given;
use crate::experiment::limits::Stopped;
use crate::experiment::replicate::{Done, Replications, Todo, Watcher, one_seeded, one_with};
use crate::experiment::vary::Variation;
use crate::experiment::workers::{FirstFailed, Workers};
use anyhow::anyhow;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use windtunnel_sim::plan::Plan;

/// So many threads.
#[derive(Clone, Copy, Debug)]
pub struct Threads(pub usize);

impl Workers for Threads {
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) -> anyhow::Result<()> {
        let pool = ThreadPoolBuilder::new().num_threads(self.0).build()?;
        pool.install(|| (0..count).into_par_iter().for_each(work));
        Ok(())
    }
}

/// As many threads as are asked for, or as the machine runs at once.
pub fn jobs(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZero::get))
}

/// How often the watcher is called, at least.
const TICK: Duration = Duration::from_millis(100);

/// What each replication draws beside its seed, the same under every policy.
#[derive(Clone, Copy, Debug)]
pub enum Drawn<'d> {
    /// Assumptions.
    Assumptions(&'d Variation),
    /// What a fit leaves open, and the seed of the incident.
    Given(&'d Given),
}

impl Drawn<'_> {
    /// Makes one run. None where the policy cannot be planned with what is drawn, as its plan was with what is written.
    fn one(
        self,
        plan: &Plan,
        (policy, replication): (usize, usize),
        first_seed: u64,
        columns: &mut Arc<[Column]>,
    ) -> Option<Result<Done, Stopped>> {
        Some(match self {
            Self::Assumptions(of) => one_with(&of.plan(plan, replication), policy, replication, first_seed, columns),
            Self::Given(given) => {
                let (plan, seed) = given.plan(&plan.policy, replication)?;
                one_seeded(&plan, (policy, replication), seed, columns)
            }
        })
    }
}

/// Runs what is missing of the first `count` replications on `jobs` threads, until all are done or `stop` is set; then
/// the runs under way are finished and no other is begun. What is drawn is each replication's own.
///
/// # Errors
///
/// The watcher failed, a run came to more than it may, or there can be no threads.
pub fn replicate(
    drawn: Option<Drawn<'_>>,
    plans: &[&Plan],
    into: &mut Replications,
    count: usize,
    jobs: usize,
    stop: &AtomicBool,
    watcher: &mut dyn Watcher,
) -> anyhow::Result<()> {
    let todo = Todo::of(into, count);
    if todo.count() == 0 {
        return Ok(());
    }
    let jobs = jobs.clamp(1, todo.count());
    let pool = ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let halt = AtomicBool::new(false);
    let (send, receive) = mpsc::sync_channel(2 * jobs);
    let first_seed = into.first_seed;
    // Runs are begun in order, and those that are begun are finished: so the first of those that come to more than they may is known.
    let stopped: FirstFailed<anyhow::Error> = FirstFailed::default();
    let mut result = Ok(());
    pool.in_place_scope(|scope| {
        for _ in 0..jobs {
            let (send, todo, halt, stopped) = (send.clone(), &todo, &halt, &stopped);
            scope.spawn(move |_| {
                let mut columns: Vec<Arc<[Column]>> = vec![Arc::default(); plans.len()];
                let mut parcel = Parcel::new(send);
                while !stop.load(Ordering::Relaxed) && !halt.load(Ordering::Relaxed) {
                    let Some((policy, replication)) = todo.next() else { break };
                    let of = (policy, replication);
                    let (plan, columns) = (plans[policy], &mut columns[policy]);
                    let made = match drawn {
                        None => Some(one_with(plan, policy, replication, first_seed, columns)),
                        Some(drawn) => drawn.one(plan, of, first_seed, columns),
                    };
                    let other = match made {
                        Some(Ok(done)) => {
                            parcel.add(done);
                            continue;
                        }
                        Some(Err(other)) => other.into(),
                        None => anyhow!("the policy `{}` cannot be with draw {replication} of the fit", plan.policy),
                    };
                    halt.store(true, Ordering::Relaxed);
                    stopped.put(replication * plans.len() + policy, other);
                }
                parcel.send();
            });
        }
        drop(send);
        // It takes the receiver with it, so that nobody waits for room once it has ended.
        result = collect(receive, into, watcher);
        halt.store(true, Ordering::Relaxed);
    });
    match stopped.into_inner() {
        Some((_, stopped)) => Err(stopped),
        None => result,
    }
}

/// Runs on their way to the thread that collects them. A run may take microseconds and waking a thread takes as long, so
/// they go together; and no run waits long, since it may be one of hours.
struct Parcel {
    send: mpsc::SyncSender<Vec<Done>>,
    runs: Vec<Done>,
    sent: Instant,
}

/// So many runs go together at most.
const PARCEL: usize = 500;

impl Parcel {
    #[expect(clippy::disallowed_methods, reason = "when runs are sent changes nothing in them")]
    fn new(send: mpsc::SyncSender<Vec<Done>>) -> Self {
        Self { send, runs: Vec::new(), sent: Instant::now() }
    }

    fn add(&mut self, done: Done) {
        self.runs.push(done);
        if self.runs.len() >= PARCEL || self.sent.elapsed() >= TICK / 5 {
            self.send();
        }
    }

    #[expect(clippy::disallowed_methods, reason = "when runs are sent changes nothing in them")]
    fn send(&mut self) {
        // Nobody listens any more only where the watcher failed.
        let _ = self.send.send(std::mem::take(&mut self.runs));
        self.sent = Instant::now();
    }
}

/// Takes in runs as they come, until the last thread has ended.
fn collect(
    receive: mpsc::Receiver<Vec<Done>>,
    into: &mut Replications,
    watcher: &mut dyn Watcher,
) -> anyhow::Result<()> {
    loop {
        let mut runs = Vec::new();
        let ended = match receive.recv_timeout(TICK) {
            Ok(done) => {
                runs.extend(done);
                false
            }
            Err(mpsc::RecvTimeoutError::Timeout) => false,
            Err(mpsc::RecvTimeoutError::Disconnected) => true,
        };
        watcher.done(&runs)?;
        for done in runs {
            into.put(done).map_err(anyhow::Error::msg)?;
        }
        if ended {
            return Ok(());
        }
    }
}
