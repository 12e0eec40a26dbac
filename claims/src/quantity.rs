//! Quantities over time, by name: what an expectation can ask for at an instant. They are the columns of `timeseries.csv`.
//!
//! Between two rows of a series the backends stay as they are and demand is linear. So a quantity is monotone there once
//! the line where demand passes the capacity is taken as a border too, and the first millisecond at which a bound breaks
//! is found by halving.

use crate::expect::Test;
use windtunnel_sim::demand::traffic::demand_at;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::Unit;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::series::{FleetRow, Flow, PoolRow, Series};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::ids::PoolId;
use windtunnel_words::suggest::did_you_mean;

/// The word before every name.
const PREFIX: &str = "series.";

/// A quantity over time.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// Of the entry points: summed, or of one.
    Pool(&'static PoolColumn),
    /// Instances that stand.
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

/// A column of the entry points.
#[derive(Debug)]
pub struct PoolColumn {
    name: &'static str,
    unit: Unit,
    meaning: &'static str,
    of: Of,
}

/// Where a column of the entry points comes from.
#[derive(Clone, Copy, Debug)]
enum Of {
    /// What becomes of the requests.
    Flow(fn(&Flow) -> f64),
    /// The harmed share of all requests.
    Harm,
    /// What is counted; `None` where nobody counts it.
    Row(fn(&PoolRow) -> Option<f64>),
}

impl PartialEq for PoolColumn {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

const fn column(name: &'static str, unit: Unit, meaning: &'static str, of: Of) -> PoolColumn {
    PoolColumn { name, unit, meaning, of }
}

const RPS: Unit = Unit::Count("rps");
const INSTANCES: Unit = Unit::Count("instances");

/// The columns of the entry points.
static COLUMNS: [PoolColumn; 13] = [
    column("demand_rps", RPS, "what users send", Of::Flow(|flow| flow.demand)),
    column("served_rps", RPS, "requests served well", Of::Flow(|flow| flow.served)),
    column("failed_rps", RPS, "requests not served", Of::Flow(|flow| flow.failed)),
    column("stale_rps", RPS, "requests served by code older than users need", Of::Flow(|flow| flow.stale)),
    column("harmed_pct", Unit::Percent, "failed and stale of what users send; 0 without demand", Of::Harm),
    column("backends", INSTANCES, "members of the pools", Of::Row(|row| Some(row.members.into()))),
    column("in_rotation", INSTANCES, "who new connections go to", Of::Row(|row| Some(row.in_rotation().into()))),
    column("in_rotation_stale", INSTANCES, "of those, with old code", Of::Row(|row| Some(row.backends[1].into()))),
    column("in_rotation_cannot", INSTANCES, "of those, unable to serve", Of::Row(|row| Some(row.backends[0].into()))),
    column("held_up", INSTANCES, "held up by the probe", Of::Row(|row| row.held_up.map(f64::from))),
    column("healthy", INSTANCES, "healthy, as the scale set knows it", Of::Row(|row| row.healthy.map(f64::from))),
    column("truly_ready", INSTANCES, "would serve a request well", Of::Row(|row| Some(row.ready.into()))),
    column("capacity_rps", RPS, "what those in rotation are declared to take", Of::Row(|row| row.capacity)),
];

/// The names that every scenario has, each with what it means.
#[must_use]
pub fn names() -> Vec<(String, String)> {
    let pools = COLUMNS.iter().map(|column| (format!("{PREFIX}{}", column.name), column.meaning.to_owned()));
    let fleet = [(format!("{PREFIX}instances"), "instances that stand".to_owned())];
    let state =
        |state: LaneState| (format!("{PREFIX}state_{}", state.key()), format!("instances that are {}", spoken(state)));
    pools.chain(fleet).chain(LaneState::ALL.map(state)).collect()
}

/// The names that a scenario makes, as they begin, each with what follows and what it means.
pub const OPEN: [(&str, &str, &str); 3] = [
    ("series.code_", "RELEASE", "instances that stand with this release of the code"),
    ("series.rotation_code_", "RELEASE", "instances in rotation with this release of the code"),
    ("series.image_", "IMAGE/VERSION", "instances that stand with this version of an image"),
];

fn spoken(state: LaneState) -> &'static str {
    match state {
        LaneState::Creating => "asked for and not running yet",
        LaneState::Booting => "booting",
        LaneState::Starting => "up, and not able to serve yet",
        LaneState::Ready => "able to serve, and out of rotation",
        LaneState::Serving => "in rotation and serving well",
        LaneState::StaleServing => "in rotation with old code",
        LaneState::NotServing => "in rotation and unable to serve",
        LaneState::Out => "taken out of rotation and unable to serve",
        LaneState::Failed => "failed to come up",
        LaneState::Deleting => "being deleted",
    }
}

/// Why a quantity has no value.
pub type Missing = String;

impl Quantity {
    /// Whether it counts harm: nothing of it is best.
    #[must_use]
    pub fn is_harm(&self) -> bool {
        match self {
            Self::Pool(column) => ["failed_rps", "stale_rps", "harmed_pct", "in_rotation_stale", "in_rotation_cannot"]
                .contains(&column.name),
            Self::State(state) => state.harms(),
            Self::Instances | Self::Code(_) | Self::RotationCode(_) | Self::Image(_) => false,
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

    /// Whether it can be asked of one entry point.
    #[must_use]
    pub const fn is_by_entry_point(&self) -> bool {
        matches!(self, Self::Pool(_))
    }
}

/// The pools that an entry point names: the balancer, or `balancer/pool`.
#[must_use]
pub fn pools_of(plan: &Plan, entry_point: &str) -> Vec<usize> {
    let named = |pool: &windtunnel_sim::plan::Pool| {
        pool.balancer == entry_point || entry_point.split_once('/') == Some((&pool.balancer, &pool.name))
    };
    (0..plan.pools.len()).filter(|&at| named(&plan.pools[at])).collect()
}

/// A quantity of one run, to be asked at any instant.
pub struct Curve<'r> {
    plan: &'r Plan,
    series: &'r Series<'r>,
    quantity: Quantity,
    /// The rows of each pool that counts.
    pools: Vec<(PoolId, Vec<&'r PoolRow>)>,
    end: SimTime,
}

impl<'r> Curve<'r> {
    /// The curve of `quantity`, at one entry point or at all, in a run that ended at `end`.
    ///
    /// # Errors
    ///
    /// The scenario does not give what it needs.
    pub fn new(
        plan: &'r Plan,
        series: &'r Series<'r>,
        quantity: &Quantity,
        entry_point: Option<&str>,
        end: SimTime,
    ) -> Result<Self, Missing> {
        let mut pools = entry_point.map_or_else(|| (0..plan.pools.len()).collect(), |name| pools_of(plan, name));
        if let Quantity::Pool(column) = quantity {
            if matches!(column.of, Of::Flow(_) | Of::Harm) {
                pools.retain(|&pool| plan.pools[pool].traffic.is_some());
                if pools.is_empty() {
                    return Err("the scenario gives no traffic".into());
                }
            }
            if pools.is_empty() {
                return Err("the scenario has no pool".into());
            }
        } else {
            pools.clear();
        }
        let rows = |pool: usize| (PoolId(pool as u16), series.of(PoolId(pool as u16)).collect());
        let quantity = quantity.clone();
        let curve = Self { plan, series, quantity, pools: pools.into_iter().map(rows).collect(), end };
        curve.value(SimTime::ZERO).map(|_| ())?;
        Ok(curve)
    }

    /// The value at an instant, after everything that happens at it.
    ///
    /// # Errors
    ///
    /// Nobody counts it.
    pub fn value(&self, at: SimTime) -> Result<f64, Missing> {
        let application = &self.plan.application;
        let release = |code: &str| application.releases.iter().position(|known| known == code);
        let no_release = |code: &str| format!("there is no release `{code}` under this policy");
        let row = || {
            let after = self.series.fleets.partition_point(|row| row.time <= at);
            after.checked_sub(1).map(|row| &self.series.fleets[row]).ok_or("the run has not begun")
        };
        let count = |of: &dyn Fn(&FleetRow) -> u32| -> Result<f64, Missing> { Ok(f64::from(of(row()?))) };
        match &self.quantity {
            Quantity::Instances => count(&|row| row.standing),
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

    fn of_pools(&self, column: &PoolColumn, at: SimTime) -> Result<f64, Missing> {
        let (mut sum, mut demand) = (0.0, 0.0);
        for (pool, rows) in &self.pools {
            let after = rows.partition_point(|row| row.time <= at);
            let row = rows[..after].last().ok_or("the run has not begun")?;
            let flow = || {
                let traffic = self.plan.pools[pool.index()].traffic.as_ref();
                let demand = traffic.map_or(0.0, |traffic| demand_at(&traffic.demand, at));
                self.series.split().flow(demand, row.backends)
            };
            match column.of {
                Of::Flow(of) => sum += of(&flow()),
                Of::Harm => {
                    let flow = flow();
                    sum += flow.failed + flow.stale;
                    demand += flow.demand;
                }
                Of::Row(of) => sum += of(row).ok_or_else(|| format!("nothing says {} here", column.meaning))?,
            }
        }
        Ok(match column.of {
            Of::Harm if demand > 0.0 => 100.0 * sum / demand,
            Of::Harm => 0.0,
            Of::Flow(_) | Of::Row(_) => sum,
        })
    }

    /// The instants from `from` to `until`, both included, between which the quantity is monotone.
    fn borders(&self, from: SimTime, until: SimTime) -> Vec<SimTime> {
        let mut borders = vec![from, until];
        if let Quantity::Pool(column) = &self.quantity {
            for (pool, rows) in &self.pools {
                borders.extend(rows.iter().map(|row| row.time));
                if !matches!(column.of, Of::Row(_)) {
                    self.kinks(*pool, rows, &mut borders);
                }
            }
        } else {
            borders.extend(self.series.fleets.iter().map(|row| row.time));
        }
        borders.retain(|&time| time >= from && time <= until);
        borders.sort_unstable();
        borders.dedup();
        borders
    }

    /// Where the demand of each backend passes what it can take.
    fn kinks(&self, pool: PoolId, rows: &[&PoolRow], borders: &mut Vec<SimTime>) {
        let Some(capacity) = self.series.split().capacity else { return };
        let Some(traffic) = &self.plan.pools[pool.index()].traffic else { return };
        for (at, row) in rows.iter().enumerate() {
            let until = rows.get(at + 1).map_or(self.end, |next| next.time);
            let line = capacity * f64::from(row.in_rotation());
            let over = |ms: u64| demand_at(&traffic.demand, SimTime::from_ms(ms)) > line;
            let (low, high) = (row.time.ms(), until.ms().saturating_sub(1).max(row.time.ms()));
            if over(low) != over(high) {
                let kink = first(low, high, |ms| over(ms) == over(high));
                borders.extend([SimTime::from_ms(kink - 1), SimTime::from_ms(kink)]);
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
