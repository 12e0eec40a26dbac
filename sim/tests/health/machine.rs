//! The state machines alone: the published vectors word for word, and the counting engine against the ticking one for
//! random histories of answers.

use proptest::prelude::*;
use windtunnel_sim::azure::app_health::observer::{Cadence, Commit, Observer, Reply, States};
use windtunnel_sim::azure::app_health::ticking::Ticker;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::Health;
use windtunnel_sim::world::fact::Health::{Healthy, Initializing, Unhealthy, Unknown};
use windtunnel_sim::world::ids::Entry;

/// From an instant on, probes get this answer.
#[derive(Clone, Copy, Debug)]
struct Answered {
    from: SimTime,
    reply: Reply,
}

/// What the counting engine commits until `end`, each change forecast when it comes.
fn counted(start: SimTime, answers: &[Answered], end: SimTime, cadence: &Cadence) -> Vec<Commit> {
    let mut observer = Observer::new(start, start, answers[0].reply, Entry(1), cadence);
    let mut commits = Vec::new();
    commits.extend(observer.fold(start, cadence));
    for (i, next) in answers.iter().skip(1).map(Some).chain([None]).enumerate() {
        let until = next.map_or(end, |next| next.from);
        while let Some(at) = observer.forecast(cadence).filter(|&at| at <= until) {
            let commit = observer.fold(at, cadence).expect("what is forecast comes");
            assert_eq!(commit.at, at);
            commits.push(commit);
        }
        assert_eq!(observer.fold(until, cadence), None, "what comes is forecast");
        if let Some(next) = next {
            observer.set_reply(next.reply, Entry(i as u32 + 2));
        }
    }
    commits
}

/// The same by sending every probe.
fn ticked(start: SimTime, answers: &[Answered], end: SimTime, cadence: &Cadence) -> Vec<Commit> {
    let mut ticker = Ticker::new(start, start, answers[0].reply, Entry(1), cadence);
    let mut commits = Vec::new();
    for (i, next) in answers.iter().skip(1).map(Some).chain([None]).enumerate() {
        let until = next.map_or(end, |next| next.from);
        while ticker.due() <= until {
            commits.extend(ticker.step(cadence));
        }
        if let Some(next) = next {
            (ticker.reply, ticker.reply_cause) = (next.reply, Entry(i as u32 + 2));
        }
    }
    commits
}

fn cadence(probes: u32, interval_s: u64, states: States) -> Cadence {
    Cadence { interval: SimDuration::from_secs(interval_s), first: probes, steady: probes, states }
}

fn rich(grace_s: u64, fallback: Health) -> States {
    let grace = Some(SimDuration::from_secs(grace_s));
    States::Rich { grace, fallback, leaves_by_fallback: false, blind_expiry: true, checked_at_end: true }
}

const BINARY: States = States::Binary { trusts_first_healthy: true, shows_first_unhealthy: true };

/// Commits, in seconds from the start, for one letter a probe; probes take no time.
#[track_caller]
fn vector(letters: &str, cadence: &Cadence, expected: &[(u64, Health)]) {
    let start = SimTime::from_ms(1_000_000);
    let reply = |letter| {
        let result = match letter {
            'H' => Healthy,
            'U' => Unhealthy,
            _ => Unknown,
        };
        Reply { result, after: SimDuration::ZERO, rule: rules::HD_21 }
    };
    // The answer to a probe is settled one millisecond before it goes out.
    let answers: Vec<Answered> = letters
        .chars()
        .enumerate()
        .map(|(i, letter)| {
            let early = SimDuration::from_ms(u64::from(i > 0));
            Answered { from: start + cadence.interval.times(i as u64) - early, reply: reply(letter) }
        })
        .collect();
    let end = start + cadence.interval.times(letters.len() as u64 - 1);
    for commits in [counted(start, &answers, end, cadence), ticked(start, &answers, end, cadence)] {
        let seen: Vec<_> = commits.iter().map(|commit| (commit.at.since(start).ms() / 1000, commit.to)).collect();
        assert_eq!(seen, expected, "{letters}");
    }
}

#[test]
fn the_published_vector_of_one_probe_every_5_s() {
    let cadence = cadence(1, 5, rich(5, Unknown));
    vector("H", &cadence, &[(0, Healthy)]);
    vector("?HH", &cadence, &[(0, Initializing), (5, Unknown), (10, Healthy)]);
}

#[test]
fn the_published_vector_of_three_probes_every_5_s() {
    let cadence = cadence(3, 5, rich(15, Unknown));
    vector("HHH", &cadence, &[(0, Initializing), (10, Healthy)]);
    vector("?HHHHHH", &cadence, &[(0, Initializing), (15, Unknown), (30, Healthy)]);
}

#[test]
fn the_published_vector_of_two_probes_every_10_s_and_600_s_of_grace() {
    vector("?HUHH??", &cadence(2, 10, rich(600, Unknown)), &[(0, Initializing), (40, Healthy), (60, Unknown)]);
}

#[test]
fn the_published_vector_of_tcp_that_always_fails() {
    vector("UUUUUUUUUUUUUUU", &cadence(2, 5, rich(60, Unhealthy)), &[(0, Initializing), (60, Unhealthy)]);
}

/// HD-15: a first Healthy at once, a first Unhealthy after N; HD-16: then N in a row.
#[test]
fn version_1_trusts_a_first_healthy_and_counts_everything_else() {
    let cadence = cadence(3, 5, BINARY);
    vector("HUUHUUUHHH", &cadence, &[(0, Healthy), (30, Unhealthy), (45, Healthy)]);
    vector("UUHUU", &cadence, &[(10, Healthy)]);
    vector("UUUHH", &cadence, &[(10, Unhealthy)]);
}

fn states() -> impl Strategy<Value = (States, usize)> {
    let grace = prop_oneof![Just(5_000_u64), 5_000..200_000_u64];
    prop_oneof![
        1 => (any::<bool>(), any::<bool>()).prop_map(|(trusts_first_healthy, shows_first_unhealthy)| {
            (States::Binary { trusts_first_healthy, shows_first_unhealthy }, 2)
        }),
        1 => Just((BINARY, 2)),
        4 => (grace, any::<bool>(), any::<bool>()).prop_map(|(grace, http, checked_at_end)| {
            let (fallback, results) = if http { (Unknown, 3) } else { (Unhealthy, 2) };
            let grace = Some(SimDuration::from_ms(grace));
            let flags = (false, true);
            (States::Rich { grace, fallback, leaves_by_fallback: flags.0, blind_expiry: flags.1, checked_at_end }, results)
        }),
    ]
}

/// A change of the answer: how long after the one before, which result, and how long the answer takes.
fn change() -> impl Strategy<Value = (u64, usize, u64)> {
    let gap = prop_oneof![(0..40_u64).prop_map(|s| s * 1000), 0..400_000_u64, Just(5_000)];
    let after =
        prop_oneof![4 => Just(0), 2 => (0..31_u64).prop_map(|s| s * 1000), 2 => 0..30_001_u64, 1 => Just(30_000)];
    (gap, 0..3_usize, after)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6_000))]

    #[test]
    fn counting_and_ticking_agree_on_random_histories(
        (states, results) in states(),
        interval in prop_oneof![Just(5_000_u64), Just(10_000), 5_000..60_001_u64],
        probes in 1..25_u32,
        few in any::<bool>(),
        history in prop::collection::vec(change(), 1..40),
    ) {
        let probes = if few { probes % 4 + 1 } else { probes };
        let cadence = Cadence { interval: SimDuration::from_ms(interval), first: probes, steady: probes, states };
        let start = SimTime::from_ms(777);
        let mut from = start;
        let mut answers = Vec::new();
        for (gap, result, after) in history {
            let result = [Healthy, Unhealthy, Unknown][result % results];
            answers.push(Answered { from, reply: Reply { result, after: SimDuration::from_ms(after), rule: rules::HD_21 } });
            from += SimDuration::from_ms(gap);
        }
        let end = from + SimDuration::from_mins(30);
        prop_assert_eq!(counted(start, &answers, end, &cadence), ticked(start, &answers, end, &cadence));
    }
}
