//! What would have prevented the four incidents: the remedies of the review, found by one command, with figures worked out by hand.

use super::file;
use std::sync::OnceLock;
use windtunnel::experiment::drill::search::Extent;
use windtunnel::experiment::prevent::search::prevent;
use windtunnel::experiment::prevent::{Kind, Prevented, Source, Tried, Worth};
use windtunnel::output::prevent::{Sheet, effects, json, markdown, terminal};
use windtunnel::threads::Threads;

/// With so many seeds: six that differ decide.
const SEEDS: usize = 8;

struct Found {
    found: Prevented,
    effects: Vec<Vec<String>>,
}

fn found(name: &str) -> Found {
    let path = file(name);
    let text = std::fs::read_to_string(&path).expect("it is there");
    found_in(&path.display().to_string(), &text)
}

fn found_in(name: &str, text: &str) -> Found {
    let source = Source { files: &windtunnel::disk::file::Disk, name, text };
    let found = prevent(source, Extent { first_seed: 1, runs: SEEDS }, &Threads(2)).expect("it can be looked for");
    let effects = effects::all(&found);
    Found { found, effects }
}

/// The incident of the refused rollback, looked at once.
fn scale_out() -> &'static Found {
    static FOUND: OnceLock<Found> = OnceLock::new();
    FOUND.get_or_init(|| found("scale-out.yaml"))
}

impl Found {
    #[track_caller]
    fn one(&self, is: impl Fn(&Tried) -> bool) -> (&Tried, &[String]) {
        let at = self.found.tried.iter().position(is);
        let titles = || self.found.tried.iter().map(|one| one.change.title.clone()).collect::<Vec<_>>().join("\n");
        let at = at.unwrap_or_else(|| panic!("not among\n{}", titles()));
        (&self.found.tried[at], &self.effects[at])
    }

    #[track_caller]
    fn titled(&self, title: &str) -> (&Tried, &[String]) {
        self.one(|one| one.change.title == title)
    }

    fn sheet<'a>(&'a self, command: &'a str) -> Sheet<'a> {
        Sheet { title: "The scale-out", found: &self.found, effects: &self.effects, command }
    }
}

#[track_caller]
fn harm(tried: &Tried) -> f64 {
    tried.standing.harm.expect("users are known").mean
}

#[track_caller]
fn within(value: f64, least: f64, most: f64) {
    assert!((least..=most).contains(&value), "{value} is not from {least} to {most}");
}

/// As it was, 74 % fail. Of the 180 minutes 107 are before 11:06:45, and on average half of the requests fail in them; after that all do.
#[test]
fn the_incident_is_the_one_of_the_review() {
    let all = scale_out();
    within(all.found.standing.harm.expect("users are known").mean, 72.0, 76.0);
    let incidents: Vec<&str> = all.found.incidents.iter().map(|(policy, _)| policy.as_str()).collect();
    assert_eq!(incidents, ["first-thought"]);
    // Nothing in the run notices the harm: the probe goes on answering. It begins 9 min 30 s after the first batch starts.
    let notice = all.found.notice.as_ref().expect("there is harm");
    within(notice.at.seconds(), 720.0, 780.0);
    assert!(notice.by.contains("nothing noticed it"), "{}", notice.by);
}

/// With `/ready` and gates of 20 % the first batch alone fails, two of six: a third of the requests for the 43 s of its swap, and again
/// until two probes 15 s apart fail, (43 + 22) × 33 % of 10,800 s = 0.2 %. Then the gate of 20 % stops the upgrade, and with five of nine
/// down the rollback, too.
#[test]
fn a_deeper_probe_with_strict_gates_prevents_nearly_all_and_blocks_the_rollback() {
    let all = scale_out();
    let (tried, effects) = all.titled("ready-probe-and-gates");
    within(harm(tried), 0.13, 0.27);
    assert_eq!((tried.worth, tried.seeds), (Worth::Most, SEEDS));
    let said = effects.join("\n");
    assert!(said.contains("halted after 1 batch, and the one after it halted before its first batch"), "{said}");
    // Four that serve 120 rps each are what 480 rps at eleven take: there is no room.
    assert!(said.contains("480 rps") && said.contains("can serve 480 rps"), "{said}");
}

/// `/ready` alone: the gates of 100 % never halt, so it goes on to all; each batch harms until its probes fail, and then those that are
/// left are too few. 55 % by the review: a part. No scale-out, 69 %: less than a tenth of the harm, and so little help.
#[test]
fn what_helps_a_part_is_said_to_be_a_part() {
    let all = scale_out();
    let (ready, _) = all.titled("ready-probe");
    within(harm(ready), 50.0, 60.0);
    assert_eq!(ready.worth, Worth::Part);
    let (left_out, _) = all.titled("no-scale-out");
    within(harm(left_out), 66.0, 72.0);
    assert_eq!((left_out.worth, &left_out.barred), (Worth::Little, &None));
}

/// Cancelled a minute before, the rollback of 10:05 is taken. In minutes of all requests: 2.5 until the scale-out, 0.7 until its machines
/// serve, 1.5 and 0.9 until they stop, 5.4 at five of nine, 18 at two thirds until 10:08: 29 of 180, 16 %. With pauses of 25 minutes
/// twice as much.
#[test]
fn a_cancel_before_the_refused_rollback_is_found() {
    let all = scale_out();
    let before = |end: &'static str| {
        move |one: &Tried| {
            one.change.kind == Kind::Act
                && one.change.title.contains("is cancelled at 10:04:00 UTC, before “rollback”")
                && one.change.title.ends_with(end)
        }
    };
    let (pauses, effects) = all.one(before("“rollback”"));
    within(harm(pauses), 27.0, 35.0);
    // Its last batch comes after 75 minutes of pauses.
    assert!(effects.iter().any(|effect| effect.starts_with("the last batch begins at 11:")), "{effects:?}");
    let (once, _) = all.one(before("without pauses"));
    within(harm(once), 15.0, 19.0);
}

/// A minute after the harm begins, the same act leaves a third of the requests for about five minutes: 43 s of the first swap, a minute
/// until it comes, three and a half for the swap: 5.2 × 33 % of 180 = 0.96 %, and less where the two are taken out of rotation while they
/// swap. A cancel takes effect at once (RS-12), so a write a minute later is never refused. Later the harm only grows: at 10:05 it is
/// what a cancel before the rollback of 10:05 leaves, 16 %.
#[test]
fn the_same_act_at_once_is_nearly_all_of_it_and_it_grows_with_each_minute() {
    let all = scale_out();
    let (tried, _) = all.one(|one| one.change.title.starts_with("“rollback” at 09:13") && one.change.of.is_empty());
    within(harm(tried), 0.15, 1.0);
    let last = all.found.last.as_ref().expect("there is one");
    assert_eq!(last.entry, "rollback");
    assert!(last.refused().is_empty(), "{:?}", last.refused());
    assert!(last.within(1.0).is_some_and(|point| point.at.ms() / 60_000 >= 14), "{:?}", last.points);
    let end = last.points.last().expect("points");
    assert_eq!(end.at.ms() / 60_000, 65);
    within(end.harm, 13.0, 35.0);
}

/// Where a cancel waits for the end of its batch (`rolling.cancel: finish_batch`, the platform of before 2020), the write a minute after a
/// cancel of 09:30 to 09:32 is refused, since the second batch runs from 09:29 for four minutes: the harm is then what it was.
#[test]
fn a_cancel_that_waits_has_a_second_batch_as_its_last_moment() {
    let path = file("scale-out.yaml");
    let text = std::fs::read_to_string(&path).expect("it is there");
    let own = "assumptions: { vm.os_disk_swap: PT3M }";
    assert!(text.contains(own));
    let text = text.replace(own, "assumptions: { vm.os_disk_swap: PT3M, rolling.cancel: finish_batch }");
    let all = found_in(&path.display().to_string(), &text);
    let last = all.found.last.as_ref().expect("there is one");
    let refused = last.refused();
    let minutes: Vec<u64> = refused
        .iter()
        .flat_map(|all| all.iter())
        .map(|point| point.at.ms() / 60_000)
        .filter(|minute| *minute < 40)
        .collect();
    assert!(minutes.contains(&32) && minutes.iter().all(|minute| (30..=34).contains(minute)), "{minutes:?}");
    let worst = last.points.iter().filter(|point| point.refused).map(|point| point.harm).fold(0.0, f64::max);
    within(worst, 25.0, 76.0);
    let said = all.sheet("windtunnel prevent").last().join("\n");
    assert!(said.contains("the same act is refused"), "{said}");
}

/// The rollout of 09:00 is what was wanted: without it nobody is harmed, and that is no remedy.
#[test]
fn never_doing_what_was_wanted_is_not_advised() {
    let all = scale_out();
    let (tried, _) = all.one(|one| one.change.title.starts_with("no “rollout”"));
    assert_eq!((tried.worth, tried.worth.helps()), (Worth::Barred, false));
    assert!(tried.barred.as_ref().is_some_and(|why| why.contains("never done")), "{:?}", tried.barred);
}

/// Without the policies of the scenario nobody wrote it: the probe asks `/ready`, and the gates are 20 %. The first batch is then found
/// to be unhealthy as a whole, and the upgrade halts; the stricter gates alone are of no use, since the probe sees nothing.
#[test]
fn a_pair_is_found_of_which_one_alone_is_of_no_use() {
    let path = file("scale-out.yaml");
    let text = std::fs::read_to_string(&path).expect("it is there");
    let (alone, _) = text.split_once("\npolicies:").expect("it has policies");
    let all = found_in(&path.display().to_string(), &format!("{alone}\n"));
    let is = |one: &Tried| {
        one.change.kind == Kind::Pair
            && one.change.title.contains("asks /ready")
            && one.change.title.contains("gates of 20")
    };
    let (pair, _) = all.one(is);
    within(harm(pair), 0.13, 0.27);
    let (gates, _) = all.one(|one| one.change.kind == Kind::Setting && one.change.title.starts_with("gates of 20"));
    assert_eq!(gates.worth, Worth::Little);
}

/// The certificate: a package that is in the image, or one that the process does not wait for, prevents it, at the price of instance
/// hours, since the machines come up. A floor of eight is no help: four of the eight are made after the certificate expired, and fail as
/// those of before.
#[test]
fn the_remedies_of_the_expired_certificate_are_found() {
    let all = found("certificate.yaml");
    for name in ["vendored", "no-proc-by-extension"] {
        let (tried, _) = all.titled(name);
        assert_eq!(tried.worth, Worth::Prevents, "{name}");
        assert!(tried.hours.is_some_and(|hours| hours > 0.0), "{name} costs nothing");
    }
    assert_eq!(all.titled("floor-of-8").0.worth, Worth::Little);
    // No version is bad, so no good rollout tells a price.
    assert!(all.found.no_good.as_ref().is_some_and(|why| why.contains("bad: true")));
}

/// What a good version takes longer: a probe that asks every 5 s finds a batch healthy sooner, a batch of 20 % is one of six instead of
/// two, and makes one batch more, with its pause of 25 minutes.
#[test]
fn the_price_is_measured_with_a_good_version() {
    let all = scale_out();
    let longer = |title: &str| {
        let (tried, _) = all.one(|one| one.change.title.contains(title) && one.change.of.is_empty());
        tried.longer.as_ref().and_then(|paired| paired.difference).expect("it is measured").mean / 60.0
    };
    within(longer("maxBatchInstancePercent 20"), 25.0, 33.0);
    within(longer("ready-probe-and-gates"), -1.0, 1.0);
}

/// Two runs of the search, on one thread and on two, say the same in all three formats, and no line is wider than the terminal.
#[test]
fn it_is_the_same_on_any_number_of_threads_and_fits_the_terminal() {
    let all = scale_out();
    let path = file("scale-out.yaml");
    let text = std::fs::read_to_string(&path).expect("it is there");
    let name = path.display().to_string();
    let source = Source { files: &windtunnel::disk::file::Disk, name: &name, text: &text };
    let again = prevent(source, Extent { first_seed: 1, runs: SEEDS }, &Threads(1)).expect("it can be looked for");
    let again = Found { effects: effects::all(&again), found: again };
    let [one, two] = [all.sheet("windtunnel prevent"), again.sheet("windtunnel prevent")];
    assert_eq!(json::json(&one), json::json(&two));
    for width in [80, 120] {
        let page = terminal::render(&one, width);
        assert_eq!(page, terminal::render(&two, width));
        let plain = anstream::adapter::strip_str(&page).to_string();
        let widest = plain.lines().map(windtunnel::words::text::columns).max();
        assert!(widest.is_some_and(|widest| widest <= width), "{widest:?} of {width}\n{page}");
    }
    let page = markdown::page(&one);
    assert!(page.contains("| change | harmed | less | good rollout | instance hours | side effects |\n"), "{page}");
    assert_eq!(json::json(&one)["schemaVersion"], 1);
}
