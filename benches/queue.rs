//! The hold model: the earliest event is taken out and one is put in at a drawn distance, at a steady number pending.

use criterion::{BatchSize, Criterion, Throughput};
use windtunnel_sim::engine::digest::Digest;
use windtunnel_sim::engine::queue::{Key, Queue};
use windtunnel_sim::engine::random::{Purpose, Randomness, Subject};
use windtunnel_sim::engine::time::{SimDuration, SimTime};

const HOLDS: u32 = 10_000;

fn filled(pending: u32) -> (Queue<u32>, Vec<u64>) {
    let subject = Subject { place: 0, cause: 0, ordinal: 0 };
    let mut stream = Randomness::new(1).stream(Purpose::Generator, subject, 0);
    let gaps = (0..HOLDS).map(|_| 1 + stream.below(60_000)).collect();
    let mut queue = Queue::default();
    for id in 0..pending {
        queue.put(Key::new(SimTime::from_ms(1 + stream.below(60_000)), 0, id, 0, 0), id);
    }
    (queue, gaps)
}

fn hold(queue: &mut Queue<u32>, gaps: &[u64]) -> u64 {
    let mut digest = Digest::default();
    let mut next = gaps.iter();
    let mut epoch = 0;
    while let Some(now) = queue.advance() {
        while queue.is_due() {
            let (_, id) = queue.take();
            digest.word(now.ms() << 32 | u64::from(id));
            epoch += 1;
            let Some(&gap) = next.next() else { return digest.finish() };
            let at = now + SimDuration::from_ms(gap);
            queue.put(Key::new(at, 0, id, 0, epoch), id);
        }
    }
    digest.finish()
}

pub fn define(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("queue");
    group.throughput(Throughput::Elements(HOLDS.into()));
    for pending in [1_000, 30_000, 1_000_000] {
        let (mut queue, gaps) = filled(pending);
        println!("queue/hold/{pending}: digest {:016x}", hold(&mut queue, &gaps));
        group.bench_function(format!("hold/{pending}"), |bench| {
            bench.iter_batched_ref(|| filled(pending), |(queue, gaps)| hold(queue, gaps), BatchSize::LargeInput);
        });
    }
    group.finish();
}
