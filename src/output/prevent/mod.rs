//! What would have prevented an incident, as people and programs read it: sentences here, a writer a format beside it.

pub mod effects;
pub mod json;
pub mod markdown;
pub mod terminal;

use crate::experiment::drill::card::{Came, Standing};
use crate::experiment::prevent::moment::{LastMoment, Point};
use crate::experiment::prevent::{Kind, Prevented, Tried, Worth};
use crate::experiment::statistics::Paired;
use windtunnel_sim::measure::catalogue::HARMED;
use windtunnel_sim::plan::Plan;
use windtunnel_words::clock::{Clock, civil, spoken};
use windtunnel_words::number::{beside_limit, count, decimals, in_one_unit, percent};

/// So many changes that help a little, or not, are named.
pub const NAMED: usize = 12;
/// An instant that is worse than the one before by so many points of the requests is named.
const JUMP: f64 = 10.0;

/// What is shown.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    /// Title of the scenario.
    pub title: &'a str,
    /// What was found.
    pub found: &'a Prevented,
    /// What a change does beside, of each of what was tried; empty where nobody looked.
    pub effects: &'a [Vec<String>],
    /// The command that repeats it.
    pub command: &'a str,
}

impl<'a> Sheet<'a> {
    fn plan(&self) -> &'a Plan {
        &self.found.own.plan
    }

    /// Those of a worth, each with what it does beside.
    pub fn of(&self, is: impl Fn(Worth) -> bool) -> impl Iterator<Item = (&'a Tried, &'a [String])> {
        let none: &[String] = &[];
        let effects = self.effects;
        let all = self.found.tried.iter().enumerate().filter(move |(_, one)| is(one.worth));
        all.map(move |(at, one)| (one, effects.get(at).map_or(none, Vec::as_slice)))
    }

    /// What is counted as harm.
    fn harmed(&self) -> &'static str {
        if self.found.measure == HARMED { "of requests harmed" } else { "of instances bad at once" }
    }

    /// A share as people read it, beside what is allowed.
    pub fn share(&self, standing: &Standing) -> String {
        let came = standing.harm.or(standing.instances_pct);
        let limit = self.found.allowed.filter(|_| standing.harm.is_some());
        let said =
            |came: Came| format!("{}{}", if came.open { "≥ " } else { "" }, beside_limit(came.mean, limit, percent));
        came.map_or_else(|| "–".to_owned(), said)
    }

    /// The finding.
    pub fn finding(&self) -> String {
        let own = format!("As it was: {} {}", self.share(&self.found.standing), self.harmed());
        let pairs = self.found.tried.iter().filter(|one| one.change.kind == Kind::Pair).count();
        let singles = self.found.tried.len() - pairs + self.found.dropped.len();
        let that = |is: fn(Worth) -> bool| self.of(is).count();
        let prevents = that(|worth| worth == Worth::Prevents);
        let helps = that(Worth::helps);
        if self.is_unharmed() {
            return "Nobody was harmed, so there is nothing to prevent".to_owned();
        }
        let tried = match self.found.pairs {
            0 => count(singles, "change"),
            pairs => format!("{} and {}", count(singles, "change"), count(pairs, "pair")),
        };
        match (prevents, helps, self.of(Worth::helps).next()) {
            (0, 0, _) => format!("{own}. None of {tried} helps surely"),
            (0, n, Some((best, _))) => format!(
                "{own}. Of {tried} {n} would have prevented a part of it; with the best {} are left: {}",
                self.share(&best.standing),
                best.change.title
            ),
            (n, ..) => {
                let was = if n == 1 {
                    "1 would have prevented it".to_owned()
                } else {
                    format!("{n} would have prevented it")
                };
                let more = if helps > n { format!(", and {} a part of it", helps - n) } else { String::new() };
                format!("{own}. Of {tried} {was}{more}")
            }
        }
    }

    /// Whether nothing is to be prevented.
    pub fn is_unharmed(&self) -> bool {
        let standing = &self.found.standing;
        standing.harm.or(standing.instances_pct).is_none_or(|came| came.most <= 0.0 && !came.open)
    }

    /// With which seeds, what is held to what, and when the harm was noticed.
    pub fn about(&self) -> Vec<String> {
        let (first, runs) = (self.found.first_seed, self.found.runs);
        let last = first + (runs as u64).saturating_sub(1);
        let few = self.found.tried.iter().map(|one| one.seeds).filter(|seeds| *seeds > 0).min().unwrap_or(runs);
        let rest = if few < runs { format!("; {few} of those that do not seem to help") } else { String::new() };
        let mut all =
            vec![format!("{} of each change, seeds {first} to {last}, the same for all{rest}", count(runs, "run"))];
        if let Some(allowed) = self.found.allowed.filter(|_| self.found.measure == HARMED) {
            all.push(format!("prevented: at most {} harmed in every run", percent(allowed)));
        }
        if let Some(notice) = &self.found.notice {
            let at = civil(self.plan(), notice.at);
            all.push(format!("the harm was noticed at {at}, by {}", notice.by));
        }
        all.extend(self.found.no_good.clone());
        all
    }

    /// How much of the harm a change takes away.
    pub fn removed(&self, tried: &Tried) -> String {
        let percent = 100.0 * tried.removed;
        match percent {
            all if all >= 99.95 && tried.standing.harm.is_some_and(|harm| harm.mean > 0.0) => {
                format!("{} %", decimals((all * 1000.0).floor() / 1000.0, 3))
            }
            some => format!("{} %", decimals(some, usize::from(some.abs() < 9.95 || some > 99.0))).replace('-', "−"),
        }
    }

    /// What it costs: of a good rollout.
    pub fn longer(&self, tried: &Tried) -> String {
        tried.longer.as_ref().map_or_else(|| "–".to_owned(), longer)
    }

    /// What it costs in the incident: instance hours, and money where the scenario has prices.
    pub fn hours(&self, tried: &Tried) -> String {
        tried.hours.map_or_else(|| "–".to_owned(), |hours| format!("{} h", signed(hours)))
    }

    /// The same in money.
    pub fn credits(&self, tried: &Tried) -> Option<String> {
        tried.credits.map(signed)
    }

    /// What of the last moment is the same at every instant, as a sentence begins.
    pub fn lead(&self) -> Option<String> {
        let last = self.found.last.as_ref()?;
        let cancel = last.cancel.as_ref().map_or_else(String::new, |set| {
            format!(", with the upgrade of {set} cancelled {} before", spoken(last.before))
        });
        let once = if last.at_once { ", to all instances at once" } else { "" };
        Some(format!("“{}” at another time{cancel}{once}", last.entry))
    }

    /// The last moment in sentences.
    pub fn last(&self) -> Vec<String> {
        self.found.last.as_ref().map_or_else(Vec::new, |last| moments(last, self.plan(), self.found.allowed))
    }
}

fn signed(value: f64) -> String {
    let text = decimals(value, 1).replace('-', "−");
    match text.as_str() {
        "0" | "−0" => "±0".to_owned(),
        _ if text.starts_with('−') => text,
        _ => format!("+{text}"),
    }
}

/// How much longer a good rollout takes.
fn longer(paired: &Paired) -> String {
    let Some(difference) = paired.difference else { return "not the same end".to_owned() };
    match difference.mean {
        by if by.abs() < 1.0 => "±0 min".to_owned(),
        by if by < 0.0 => format!("−{}", in_one_unit(-by)),
        by => format!("+{}", in_one_unit(by)),
    }
}

/// A time of day without the zone, where that is the same all along.
fn short(plan: &Plan, point: &Point) -> String {
    let said = Clock::of(plan).short(point.at);
    said.strip_suffix(":00").map_or(said.clone(), str::to_owned)
}

/// The last moment in sentences: until when it would have kept the objective, or little would have been harmed; when it was refused; and
/// where it grows at once.
fn moments(last: &LastMoment, plan: &Plan, allowed: Option<f64>) -> Vec<String> {
    let Some((first, end)) = last.points.first().zip(last.points.last()) else { return Vec::new() };
    let mut all = Vec::new();
    let at = |point: &Point| short(plan, point);
    let limits = allowed.into_iter().chain([1.0, 10.0]).filter(|limit| *limit < last.own);
    for limit in limits {
        match last.within(limit) {
            Some(point) if point != end => {
                all.push(format!(
                    "Done by {}, at most {} are harmed ({} then)",
                    at(point),
                    percent(limit),
                    percent(point.harm)
                ));
            }
            _ => {}
        }
    }
    if all.is_empty() {
        all.push(format!("Done at {}, the earliest that was tried, {} are harmed", at(first), percent(first.harm)));
    }
    for stretch in last.refused() {
        let (one, two) = (&stretch[0], &stretch[stretch.len() - 1]);
        let (least, most) = ends(stretch);
        let when = if one == two { format!("At {}", at(one)) } else { format!("From {} to {}", at(one), at(two)) };
        let harm = if percent(least) == percent(most) {
            percent(most)
        } else {
            format!("{} to {}", percent(least), percent(most))
        };
        all.push(format!("{when} the same act is refused, and {harm} are harmed"));
    }
    for pair in last.points.windows(2).filter(|pair| pair[1].harm - pair[0].harm >= JUMP && !pair[1].refused) {
        all.push(format!(
            "At {} it is {}, and at {} it is {}",
            at(&pair[0]),
            percent(pair[0].harm),
            at(&pair[1]),
            percent(pair[1].harm)
        ));
    }
    all.push(format!("At {}, it is {}", at(end), percent(end.harm)));
    all
}

fn ends(points: &[Point]) -> (f64, f64) {
    points.iter().fold((f64::INFINITY, 0.0), |(least, most), point| (point.harm.min(least), point.harm.max(most)))
}
