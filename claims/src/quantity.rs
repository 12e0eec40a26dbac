//! Quantities over time, by name: what an expectation can ask for at an instant. They are the columns of `timeseries.csv`.
//!
//! Between two rows of a series the backends stay as they are, demand is linear, and kept connections move as [`Stretch`] says. So
//! a quantity is monotone there once the instants at which demand passes the capacity, and at which a rate turns, are taken
//! as borders too, and the first millisecond at which a bound breaks is found by halving.
//!
//! [`Stretch`]: windtunnel_sim::measure::entry_point::Stretch

use crate::expect::Test;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::catalogue::Sign;
use windtunnel_sim::measure::columns::{COLUMNS, Column, Of};
use windtunnel_sim::measure::entry_point::{Rates, Totals};
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::series::{EntryRow, FleetRow, Move, Series, Tally};
use windtunnel_sim::measure::{Part, Scope, ScopeKind, Unit};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::ids::EntryPointId;
use windtunnel_words::suggest::did_you_mean;

/// The word before every name.
const PREFIX: &str = "series.";

/// A quantity over time.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// Of the entry points: summed, or of one.
    Pool(&'static Column),
    /// Instances that are present.
    Instances,
    /// Instances in this state.
    State(LaneState),
    /// Instances that stand with this release.
    Code(String),
    /// Instances in rotation with this release.
    RotationCode(String),
    /// Instances that stand with this version of an image.
    Image(String),
}

const INSTANCES: Unit = Unit::Count("instances");

/// The names that every scenario has, each with what it means.
#[must_use]
pub fn names() -> Vec<(String, String)> {
    let pools = COLUMNS.iter().map(|column| (format!("{PREFIX}{}", column.name), column.meaning.to_owned()));
    let fleet =
        [(format!("{PREFIX}instances"), "instances that are present: neither deleted nor being deleted".to_owned())];
    let state =
        |state: LaneState| (format!("{PREFIX}state_{}", state.key()), format!("instances that {}", spoken(state)));
    pools.chain(fleet).chain(LaneState::ALL.map(state)).collect()
}

/// The names that a scenario makes, as they begin, each with what follows and what it means.
pub const OPEN: [(&str, &str, &str); 3] = [
    ("series.code_", "RELEASE", "instances with this release of the code"),
    ("series.rotation_code_", "RELEASE", "instances in rotation with this release of the code"),
    ("series.image_", "IMAGE/VERSION", "instances with this version of an image"),
];

fn spoken(state: LaneState) -> &'static str {
    match state {
        LaneState::Creating => "are requested and not running yet",
        LaneState::Booting => "are booting",
        LaneState::Starting => "are up, and not able to serve yet",
        LaneState::Ready => "are able to serve, and out of rotation",
        LaneState::Serving => "are in rotation and serve well",
        LaneState::StaleServing => "are in rotation with old code",
        LaneState::NotServing => "are in rotation and unable to serve",
        LaneState::Out => "are out of rotation and unable to serve",
        LaneState::Failed => "failed to start",
        LaneState::Deleting => "are being deleted",
    }
}

/// Why a quantity has no value.
pub type Missing = String;

impl Quantity {
    /// Whether it counts harm: nothing of it is best.
    #[must_use]
    pub fn is_harm(&self) -> bool {
        match self {
            Self::Pool(column) => column.is_harm,
            Self::State(state) => state.harms(),
            Self::Instances | Self::Code(_) | Self::RotationCode(_) | Self::Image(_) => false,
        }
    }

    /// What shows that it grew.
    #[must_use]
    pub const fn sign(&self) -> Sign {
        match self {
            Self::Pool(column) => column.sign,
            _ => Sign::Instance,
        }
    }

    /// Whether a name is meant to be one of a quantity over time.
    #[must_use]
    pub fn is_meant(name: &str) -> bool {
        name.starts_with(PREFIX)
    }

    /// Reads `series.in_rotation`, `series.code_c42`.
    ///
    /// # Errors
    ///
    /// The name that was probably meant, if one is near.
    pub fn parse(text: &str) -> Result<Self, Option<String>> {
        let name = text.strip_prefix(PREFIX).unwrap_or(text);
        if let Some(column) = COLUMNS.iter().find(|column| column.name == name) {
            return Ok(Self::Pool(column));
        }
        if name == "instances" {
            return Ok(Self::Instances);
        }
        let state = |key: &str| LaneState::ALL.into_iter().find(|state| state.key() == key).map(Self::State);
        let found = name.strip_prefix("state_").and_then(state);
        let given = |prefix: &str| name.strip_prefix(prefix).filter(|rest| !rest.is_empty()).map(str::to_owned);
        let found = found.or_else(|| given("rotation_code_").map(Self::RotationCode));
        let found = found.or_else(|| given("code_").map(Self::Code)).or_else(|| given("image_").map(Self::Image));
        found.ok_or_else(|| {
            let known = names();
            did_you_mean(text, known.iter().map(|(name, _)| name.as_str())).map(str::to_owned)
        })
    }

    /// The name as a scenario gives it.
    #[must_use]
    pub fn name(&self) -> String {
        let rest = match self {
            Self::Pool(column) => column.name.to_owned(),
            Self::Instances => "instances".to_owned(),
            Self::State(state) => format!("state_{}", state.key()),
            Self::Code(code) => format!("code_{code}"),
            Self::RotationCode(code) => format!("rotation_code_{code}"),
            Self::Image(image) => format!("image_{image}"),
        };
        PREFIX.to_owned() + &rest
    }

    /// What it is counted in.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        match self {
            Self::Pool(column) => column.unit,
            _ => INSTANCES,
        }
    }

    /// The parts of the fleet that it can be asked of.
    #[must_use]
    pub const fn scopes(&self) -> &'static [ScopeKind] {
        match self {
            Self::Pool(_) => &[ScopeKind::EntryPoint],
            Self::Instances | Self::State(_) => &[ScopeKind::ScaleSet, ScopeKind::Zone],
            Self::Code(_) | Self::RotationCode(_) | Self::Image(_) => &[],
        }
    }
}

/// A quantity of one run, to be asked at any instant.
pub struct Curve<'r> {
    plan: &'r Plan,
    series: &'r Series<'r>,
    quantity: Quantity,
    /// The rows of each entry point that counts.
    entries: Vec<Vec<Span<'r>>>,
    /// Of a scale set or a zone: how many instances there are from an instant on.
    steps: Option<Vec<(SimTime, u32)>>,
}

/// A row of an entry point.
struct Span<'r> {
    row: &'r EntryRow,
    /// Until when it holds.
    until: SimTime,
    /// What came of the requests before it, where a total is asked for.
    before: Totals,
}

impl<'r> Curve<'r> {
    /// The curve of `quantity`, of a part of the fleet or of all.
    ///
    /// # Errors
    ///
    /// The scenario does not give what it needs.
    pub fn new(
        plan: &'r Plan,
        series: &'r Series<'r>,
        quantity: &Quantity,
        part: Option<&Part>,
    ) -> Result<Self, Missing> {
        let scopes = part.map(|Part { kind, name }| Scope::named(plan, *kind, name));
        let one = |scope: &Scope| if let Scope::EntryPoint(id) = scope { Some(*id) } else { None };
        let mut entries: Vec<EntryPointId> = match &scopes {
            None => plan.entries().filter(|(_, entry)| entry.is_root()).map(|(id, _)| id).collect(),
            Some(scopes) => scopes.iter().filter_map(one).collect(),
        };
        if let Quantity::Pool(column) = quantity {
            if column.of.needs_traffic() {
                entries.retain(|&id| plan.entry_point(id).traffic.is_some());
                if entries.is_empty() {
                    return Err("the scenario gives no traffic".into());
                }
            } else {
                // What is counted of a pool counts once, however many lead to it.
                let pool = |id: EntryPointId| plan.pools_behind(id).next();
                let mut seen = vec![None];
                entries.retain(|&id| {
                    !seen.contains(&pool(id)) && {
                        seen.push(pool(id));
                        true
                    }
                });
            }
            if entries.is_empty() {
                return Err("the scenario has no pool".into());
            }
        } else {
            entries.clear();
        }
        let quantity = quantity.clone();
        let sums = matches!(quantity, Quantity::Pool(&Column { of: Of::Total(_), .. }));
        let entries = entries.into_iter().map(|id| spans(series, id, sums)).collect();
        let steps = scopes.and_then(|scopes| steps(plan, series, &quantity, *scopes.first()?));
        let curve = Self { plan, series, quantity, entries, steps };
        curve.value(SimTime::ZERO).map(|_| ())?;
        Ok(curve)
    }

    /// The value at an instant, after everything that happens at it.
    ///
    /// # Errors
    ///
    /// Nobody counts it.
    pub fn value(&self, at: SimTime) -> Result<f64, Missing> {
        if let Some(steps) = &self.steps {
            let after = steps.partition_point(|(from, _)| *from <= at);
            return Ok(after.checked_sub(1).map_or(0.0, |last| f64::from(steps[last].1)));
        }
        let application = &self.plan.application;
        let release = |code: &str| application.releases.iter().position(|known| known == code);
        let no_release = |code: &str| format!("there is no release `{code}` under this policy");
        let row = || {
            let after = self.series.fleets.partition_point(|row| row.time <= at);
            after.checked_sub(1).map(|row| &self.series.fleets[row]).ok_or("the run has not started")
        };
        let count = |of: &dyn Fn(&FleetRow) -> u32| -> Result<f64, Missing> { Ok(f64::from(of(row()?))) };
        match &self.quantity {
            Quantity::Instances => count(&|row| row.present),
            Quantity::State(state) => count(&|row| row.by_lane[*state as usize]),
            Quantity::Code(code) => {
                let place = release(code).ok_or_else(|| no_release(code))?;
                count(&|row| row.by_code[place])
            }
            Quantity::RotationCode(code) => {
                let place = release(code).ok_or_else(|| no_release(code))?;
                count(&|row| row.rotation_by_code[place])
            }
            Quantity::Image(image) => {
                let place = self.plan.images.iter().position(|known| known.name == *image);
                let place = place.ok_or_else(|| format!("there is no image `{image}` under this policy"))?;
                count(&|row| row.by_image[place])
            }
            Quantity::Pool(column) => self.of_pools(column, at),
        }
    }

    /// The mean from an instant up to another: of what becomes of requests by integrals, a share weighted by the requests; of what is
    /// counted, by time. Of a total the value at the end, and of no time at all the value then.
    ///
    /// # Errors
    ///
    /// Nobody counts it, or it is a share of no requests.
    pub fn mean(&self, from: SimTime, until: SimTime) -> Result<f64, Missing> {
        if until <= from {
            return self.value(from);
        }
        let seconds = until.since(from).seconds();
        match &self.quantity {
            Quantity::Pool(Column { of: Of::Total(_), .. }) => self.value(until),
            Quantity::Pool(column) if column.of.needs_traffic() => {
                let totals = self.totals(from, until);
                let harmed = totals.failed + totals.stale;
                let rates = Rates {
                    demand: totals.offered / seconds,
                    served: (totals.offered - harmed) / seconds,
                    failed: totals.failed / seconds,
                    stale: totals.stale / seconds,
                    answers: totals.answers.map(|requests| requests / seconds),
                };
                match column.of {
                    Of::Rate(of) => Ok(of(&rates)),
                    Of::HarmedShare if totals.offered > 0.0 => Ok(100.0 * harmed / totals.offered),
                    Of::HarmedShare => Err("nobody sends requests here".into()),
                    // Whether a gateway answers at all is asked of the instant.
                    Of::Answered(kind) => self.value(from).map(|_| rates.answers[kind as usize]),
                    Of::Total(_) | Of::Count(_) | Of::Capacity => self.value(until),
                }
            }
            _ => {
                let (mut at, mut sum) = (from, 0.0);
                for next in self.steps_within(from, until).into_iter().chain([until]) {
                    sum += self.value(at)? * next.since(at).seconds();
                    at = next;
                }
                Ok(sum / seconds)
            }
        }
    }

    /// What came of the requests from an instant up to another.
    #[must_use]
    pub fn totals(&self, from: SimTime, until: SimTime) -> Totals {
        let mut totals = Totals::default();
        for spans in &self.entries {
            let first = spans.partition_point(|span| span.until <= from);
            for span in spans[first..].iter().take_while(|span| span.row.time < until) {
                if let Some(requests) = span.row.requests {
                    totals = totals.and(requests.integrate(span.row.time.max(from), span.until.min(until)));
                }
            }
        }
        totals
    }

    /// The instants between two at which something that is counted changes.
    fn steps_within(&self, from: SimTime, until: SimTime) -> Vec<SimTime> {
        let mut within: Vec<SimTime> = match (&self.steps, &self.quantity) {
            (Some(steps), _) => between(steps, |step| step.0, (from, until)).collect(),
            (None, Quantity::Pool(_)) => {
                self.entries.iter().flat_map(|spans| between(spans, |span| span.row.time, (from, until))).collect()
            }
            (None, _) => between(&self.series.fleets, |row| row.time, (from, until)).collect(),
        };
        within.sort_unstable();
        within.dedup();
        within
    }

    fn of_pools(&self, column: &Column, at: SimTime) -> Result<f64, Missing> {
        let (mut sum, mut demand, mut is_answered) = (0.0, 0.0, false);
        let missing = || format!("nothing says {} here", column.meaning);
        for spans in &self.entries {
            let after = spans.partition_point(|span| span.row.time <= at);
            let Span { row, before, .. } = spans[..after].last().ok_or("the run has not started")?;
            let rates = || row.requests.map_or_else(Rates::default, |requests| requests.at(at));
            match column.of {
                Of::Rate(of) => sum += of(&rates()),
                // Where several are asked, those of gateways count.
                Of::Answered(kind) => {
                    let answers = row.answers(at);
                    is_answered |= answers.is_some();
                    sum += answers.map_or(0.0, |answers| answers[kind as usize]);
                }
                Of::HarmedShare => {
                    let rates = rates();
                    sum += rates.failed + rates.stale;
                    demand += rates.demand;
                }
                Of::Total(of) => {
                    let since = row.requests.map_or_else(Totals::default, |requests| requests.integrate(row.time, at));
                    sum += of(&before.and(since));
                }
                Of::Count(of) => sum += of(row).map(f64::from).ok_or_else(missing)?,
                Of::Capacity => sum += row.capacity.ok_or_else(missing)?,
            }
        }
        Ok(match column.of {
            Of::Answered(_) if !is_answered => return Err(missing()),
            Of::HarmedShare if demand > 0.0 => 100.0 * sum / demand,
            Of::HarmedShare => 0.0,
            Of::Rate(_) | Of::Answered(_) | Of::Total(_) | Of::Count(_) | Of::Capacity => sum,
        })
    }

    /// The instants from `from` to `until`, both included, between which the quantity is monotone.
    fn borders(&self, from: SimTime, until: SimTime) -> Vec<SimTime> {
        let mut borders = vec![from, until];
        if let Quantity::Pool(column) = &self.quantity {
            borders.extend(self.entries.iter().flatten().map(|span| span.row.time));
            if matches!(column.of, Of::Rate(_) | Of::Answered(_) | Of::HarmedShare) {
                self.kinks(&mut borders);
                self.turns((from, until), &mut borders);
            }
        } else if let Some(steps) = &self.steps {
            borders.extend(steps.iter().map(|step| step.0));
        } else {
            borders.extend(self.series.fleets.iter().map(|row| row.time));
        }
        borders.retain(|&time| time >= from && time <= until);
        borders.sort_unstable();
        borders.dedup();
        borders
    }

    /// Where the demand of each backend passes what it can take.
    fn kinks(&self, borders: &mut Vec<SimTime>) {
        for Span { row, until, .. } in self.entries.iter().flatten() {
            let last = SimTime::from_ms(until.ms().saturating_sub(1));
            borders.extend(row.requests.and_then(|requests| requests.overflow(row.time, last)).into_iter().flatten());
        }
    }

    /// Where the quantity turns while connections move from backend to backend, but for what turns twice within a sixteenth of
    /// their life.
    fn turns(&self, (from, until): (SimTime, SimTime), borders: &mut Vec<SimTime>) {
        let value = |ms: u64| self.value(SimTime::from_ms(ms)).unwrap_or(f64::NAN);
        let rises = |ms: u64| value(ms + 1) > value(ms);
        let moving = self.entries.iter().flatten().filter_map(|span| Some((span, span.row.requests?)));
        let mut ends: Vec<SimTime> =
            moving.flat_map(|(span, requests)| requests.pieces(span.row.time, span.until)).collect();
        ends.retain(|&end| end > from && end < until);
        if ends.is_empty() {
            return;
        }
        ends.extend_from_slice(borders);
        ends.sort_unstable();
        ends.dedup();
        for pair in ends.windows(2) {
            let (low, high) = (pair[0].ms(), pair[1].ms());
            if high > low + 2 && rises(low) != rises(high - 2) {
                let turned = rises(high - 2);
                borders.push(SimTime::from_ms(first(low, high - 2, |ms| rises(ms) == turned)));
            }
        }
    }

    /// The first instant from `from` to `until` at which the value passes `test`, or does not, with the value then.
    #[must_use]
    pub fn first(&self, from: SimTime, until: SimTime, test: &Test, passes: bool) -> Option<(SimTime, f64)> {
        let value = |ms: u64| self.value(SimTime::from_ms(ms)).unwrap_or(f64::NAN);
        let holds = |ms: u64| test.holds(value(ms)) == Some(passes);
        let below = |ms: u64| test.is_below(value(ms));
        let found = |ms: u64| Some((SimTime::from_ms(ms), value(ms)));
        let borders = self.borders(from, until);
        for (at, &border) in borders.iter().enumerate() {
            let low = border.ms();
            if holds(low) {
                return found(low);
            }
            let high = borders.get(at + 1).map_or(low, |next| next.ms() - 1);
            if high > low && holds(high) {
                return found(first(low, high, holds));
            }
            // From under a range to above it: it may lie in between.
            if below(low) != below(high) {
                let crossing = first(low, high, |ms| below(ms) == below(high));
                if let Some(ms) = (crossing - 1..=crossing).find(|&ms| holds(ms)) {
                    // On the way down the range begins where the far side ends.
                    return found(first(low, ms, holds).min(ms));
                }
            }
        }
        None
    }

    /// The least and the greatest value from `from` to `until`.
    #[must_use]
    pub fn range(&self, from: SimTime, until: SimTime) -> (f64, f64) {
        let borders = self.borders(from, until);
        let ends = borders.iter().map(|border| border.ms());
        let befores = borders.iter().skip(1).map(|border| border.ms() - 1).filter(|&ms| ms >= from.ms());
        let values = ends.chain(befores).map(|ms| self.value(SimTime::from_ms(ms)).unwrap_or(f64::NAN));
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    }
}

/// The instants of rows after one instant and before another; the rows are in the order of time.
fn between<T>(
    rows: &[T],
    time: impl Fn(&T) -> SimTime,
    (from, until): (SimTime, SimTime),
) -> impl Iterator<Item = SimTime> {
    let first = rows.partition_point(|row| time(row) <= from);
    rows[first..].iter().map(time).take_while(move |at| *at < until)
}

/// The rows of an entry point, with what came of its requests before each, if that is asked for.
fn spans<'r>(series: &'r Series<'_>, entry_point: EntryPointId, sums: bool) -> Vec<Span<'r>> {
    let mut before = Totals::default();
    let span = |(row, until): (&'r EntryRow, SimTime)| {
        let span = Span { row, until, before };
        if let Some(requests) = row.requests.filter(|_| sums) {
            before = before.and(requests.integrate(row.time, until));
        }
        span
    };
    series.spans(entry_point).map(span).collect()
}

/// How many instances of a scale set or a zone there are, or are in a state, from each instant on at which that changes.
fn steps(plan: &Plan, series: &Series<'_>, quantity: &Quantity, scope: Scope) -> Option<Vec<(SimTime, u32)>> {
    let counts = |tally: Option<Tally>| match quantity {
        Quantity::Instances => tally.is_some_and(|tally| tally.present),
        Quantity::State(state) => tally.is_some_and(|tally| tally.lane == *state),
        Quantity::Pool(_) | Quantity::Code(_) | Quantity::RotationCode(_) | Quantity::Image(_) => false,
    };
    let is_of = |one: &&Move| match scope {
        Scope::ScaleSet(set) => one.set == set,
        Scope::Zone(region, zone) => plan.sets[one.set.index()].region == region.0 && one.zone == zone,
        Scope::Fleet | Scope::EntryPoint(_) => false,
    };
    let of_instances = matches!(scope, Scope::ScaleSet(_) | Scope::Zone(..));
    let mut count = 0;
    let step = |one: &Move| {
        count = count + u32::from(counts(one.to)) - u32::from(counts(one.from));
        (one.time, count)
    };
    of_instances.then(|| series.moves.iter().filter(is_of).map(step).collect())
}

/// The first number above `low`, up to `high`, at which `holds` is true, which it is not at `low` and is from there on.
fn first(low: u64, high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (low, high);
    while high - low > 1 {
        let middle = u64::midpoint(low, high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}
