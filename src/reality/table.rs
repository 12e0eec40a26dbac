//! The error table: what was recorded, what the model makes of it, and how far apart they are.

use super::exceptions::{Exception, exception, why_impossible};
use super::held_out::HeldOut;
use super::judge::{LEAST, LEAST_MEDIAN};
use super::placements::Placements;
use serde_json::{Value, json};

/// The version of the JSON.
pub const FORMAT: u32 = 1;
/// How far the median of the model may be from that of the recordings.
pub const MEDIAN: f64 = 0.25;

/// The table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Whether the model was fitted to these very recordings.
    pub is_fitted: bool,
    /// What is fitted on one half, tried on the other.
    pub held_out: HeldOut,
    /// The first of the newest years.
    pub new_from: u16,
    /// How many distinct cases were played.
    pub cases: usize,
    /// Timelines of which something is asked of the model, and all.
    pub asked: (u32, u32),
    /// How many recordings there are, by what they are.
    pub recordings: Vec<(String, u32)>,
    /// How long calls take.
    pub quantities: Vec<Quantity>,
    /// What is answered and counted.
    pub facts: Vec<Fact>,
    /// Who is where.
    pub placements: Placements,
    /// Rolling upgrades.
    pub rolling: Vec<Rolling>,
    /// What was not asked of the model, why, and how often.
    pub left: Vec<(String, u32)>,
    /// All of it in a few numbers.
    pub totals: Totals,
}

/// How long a call takes.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// The call, and on what.
    pub name: String,
    /// The first and the last year of its values.
    pub years: (u16, u16),
    /// The cases that it is of.
    pub cases: Vec<String>,
    /// Values that are judged.
    pub n: usize,
    /// Values of all years.
    pub all: usize,
    /// Whether those judged are the newest alone.
    pub is_new: bool,
    /// p5, p50 and p95 in seconds of what is judged.
    pub recorded: [f64; 3],
    /// The same of the model.
    pub model: [f64; 3],
    /// Values within the model's band of 50 %.
    pub inside50: usize,
    /// Values within the model's band of 90 %.
    pub inside90: usize,
    /// The same of all years.
    pub all50: usize,
    /// The same of all years.
    pub all90: usize,
    /// Whether the model gives it a length at all.
    pub played: bool,
}

impl Quantity {
    /// The median of the model over that of the recordings.
    pub fn ratio(&self) -> f64 {
        self.model[1] / self.recorded[1]
    }

    /// Whether it has values enough to be judged.
    pub const fn is_judged(&self) -> bool {
        self.all >= LEAST && self.played
    }

    /// Whether its median is one of values enough.
    pub const fn has_median(&self) -> bool {
        self.is_judged() && self.n >= LEAST_MEDIAN
    }

    /// Whether its median is near enough.
    pub fn is_near(&self) -> bool {
        (self.ratio() - 1.0).abs() <= MEDIAN
    }

    /// Why it may be off, where that is known.
    pub fn exception(&self) -> Option<&'static Exception> {
        exception(&self.name, self.is_new)
    }
}

/// An answer, a state or a count.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What.
    pub name: String,
    /// Of which case.
    pub case: String,
    /// The same for a reader.
    pub set_up: String,
    /// What was recorded.
    pub recorded: String,
    /// What the model most often says.
    pub model: String,
    /// The share of seeds that say the same as the recording.
    pub share: f64,
    /// Whether it is asked with an older reading, which the year of the recording asks for.
    pub is_older: bool,
    /// How often it was recorded.
    pub count: u32,
}

/// How a fact fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fares {
    /// Every seed says the same.
    Right,
    /// Some do.
    Wrong,
    /// None does.
    Impossible,
}

impl Fact {
    /// How it fares.
    pub fn fares(&self) -> Fares {
        match self.share {
            share if share >= 1.0 => Fares::Right,
            share if share > 0.0 => Fares::Wrong,
            _ => Fares::Impossible,
        }
    }
}

/// Rolling upgrades of one kind.
#[derive(Clone, Debug)]
pub struct Rolling {
    /// Of what.
    pub set_up: String,
    /// The case.
    pub case: String,
    /// How they ended.
    pub result: String,
    /// How most end in the model.
    pub model_result: String,
    /// Whether every seed ends as recorded.
    pub says_so: bool,
    /// Whether it is asked with an older reading, which the year of the recording asks for.
    pub is_older: bool,
    /// How many were recorded.
    pub count: usize,
    /// How many of them took as long as the model says.
    pub inside: usize,
    /// The shortest and the longest.
    pub recorded: (f64, f64),
    /// The band of 90 % of the model.
    pub model: (f64, f64),
}

impl Rolling {
    /// Whether everything of it is equal.
    pub fn is_equal(&self) -> bool {
        self.inside == self.count && self.says_so
    }
}

/// All of it in a few numbers.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Quantities that are judged.
    pub quantities: usize,
    /// Their values.
    pub values: usize,
    /// Those within the band of 90 %, and of 50 %.
    pub inside: (usize, usize),
    /// Values of all years of these quantities, and those within the bands.
    pub all: (usize, usize, usize),
    /// Quantities that are not judged, their values, and those within the bands of 90 % and 50 %.
    pub unjudged: (usize, usize, usize, usize),
    /// Quantities whose median is judged.
    pub medians: usize,
    /// Those whose median is near enough.
    pub near: usize,
    /// Quantities whose median is not, for a reason that is named.
    pub excused: usize,
    /// Facts that are right, wrong, impossible, by how often they were recorded.
    pub facts: (u32, u32, u32),
    /// Lists, and those that no seed makes.
    pub lists: (u32, u32),
    /// The least p of the frequencies.
    pub least_p: Option<f64>,
    /// Rolling upgrades, and those that are equal.
    pub rolling: (usize, usize),
    /// Rolling upgrades and facts that are asked with an older reading, which the year of the recording asks for.
    pub older: (usize, u32),
}

impl Totals {
    /// Adds up.
    pub fn of(quantities: &[Quantity], facts: &[Fact], placements: &Placements, rolling: &[Rolling]) -> Self {
        let judged: Vec<&Quantity> = quantities.iter().filter(|quantity| quantity.is_judged()).collect();
        let sum = |of: fn(&Quantity) -> usize| judged.iter().map(|quantity| of(quantity)).sum();
        let others = || quantities.iter().filter(|quantity| !quantity.is_judged() && quantity.played);
        let sum_others = |of: fn(&Quantity) -> usize| others().map(of).sum();
        let medians = || judged.iter().filter(|quantity| quantity.has_median());
        let off = medians().filter(|quantity| !quantity.is_near());
        let count = |fares| facts.iter().filter(|fact| fact.fares() == fares).map(|fact| fact.count).sum();
        let impossible = placements.impossible.iter().map(|(.., count)| count).sum();
        Self {
            quantities: judged.len(),
            values: sum(|quantity| quantity.n),
            inside: (sum(|quantity| quantity.inside90), sum(|quantity| quantity.inside50)),
            all: (sum(|quantity| quantity.all), sum(|quantity| quantity.all90), sum(|quantity| quantity.all50)),
            unjudged: (
                others().count(),
                sum_others(|quantity| quantity.n),
                sum_others(|quantity| quantity.inside90),
                sum_others(|quantity| quantity.inside50),
            ),
            medians: medians().count(),
            near: medians().filter(|quantity| quantity.is_near()).count(),
            excused: off.filter(|quantity| quantity.exception().is_some()).count(),
            facts: (count(Fares::Right), count(Fares::Wrong), count(Fares::Impossible)),
            lists: (placements.total, impossible),
            least_p: placements.frequencies.iter().map(|of| of.p).min_by(f64::total_cmp),
            rolling: (
                rolling.iter().map(|row| row.count).sum(),
                rolling.iter().filter(|row| row.is_equal()).map(|row| row.count).sum(),
            ),
            older: (
                rolling.iter().filter(|row| row.is_older).map(|row| row.count).sum(),
                facts.iter().filter(|fact| fact.is_older).map(|fact| fact.count).sum(),
            ),
        }
    }

    /// The shares of the judged values within the bands of 90 % and 50 %.
    pub fn coverage(&self) -> (f64, f64) {
        let share = |inside: usize| if self.values == 0 { f64::NAN } else { inside as f64 / self.values as f64 };
        (share(self.inside.0), share(self.inside.1))
    }
}

/// A number for JSON: what cannot be computed is null.
fn number(value: f64) -> Value {
    if value.is_finite() { json!((value * 1000.0).round() / 1000.0) } else { Value::Null }
}

/// Seconds: tenths below ten.
pub fn short(seconds: f64) -> String {
    match seconds {
        seconds if seconds.is_nan() => "–".to_owned(),
        seconds if seconds < 9.95 => format!("{seconds:.1}"),
        seconds => format!("{seconds:.0}"),
    }
}

fn three(values: &[f64; 3]) -> Value {
    json!({ "p5": number(values[0]), "p50": number(values[1]), "p95": number(values[2]) })
}

impl Table {
    /// The table as JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "reality": FORMAT,
            "seeds": super::SEEDS,
            "cases": self.cases,
            "newestYearsFrom": self.new_from,
            "timelines": { "asked": self.asked.0, "total": self.asked.1 },
            "recordings": self.recordings.iter().map(|(what, count)| (what.clone(), json!(count))).collect::<serde_json::Map<_, _>>(),
            "totals": self.totals_json(),
            "fittedToTheseRecordings": self.is_fitted,
            "heldOut": self.held_out_json(),
            "quantities": self.quantities.iter().map(Self::quantity_json).collect::<Vec<_>>(),
            "facts": self.facts.iter().map(fact_json).collect::<Vec<_>>(),
            "placements": self.placements_json(),
            "rolling": self.rolling.iter().map(rolling_json).collect::<Vec<_>>(),
            "notExpressed": self.left.iter().map(|(why, count)| json!({ "reason": why, "count": count })).collect::<Vec<_>>(),
        })
    }

    fn held_out_json(&self) -> Value {
        let share = |inside: usize, n: usize| number(inside as f64 / n as f64);
        let row = |n: usize, inside90: usize, inside50: usize| json!({ "values": n, "coverage90": share(inside90, n), "coverage50": share(inside50, n) });
        let (n, inside90, inside50) = self.held_out.totals();
        let mut json = row(n, inside90, inside50);
        let kinds = self.held_out.kinds.iter().map(|held| {
            let mut json = row(held.n, held.inside90, held.inside50);
            json["quantity"] = json!(held.name);
            json
        });
        json["quantities"] = kinds.collect();
        json
    }

    fn totals_json(&self) -> Value {
        let totals = &self.totals;
        let (coverage90, coverage50) = totals.coverage();
        let (all, all90, all50) = totals.all;
        let share = |inside: usize| number(inside as f64 / all as f64);
        let (few, few_values, few90, few50) = totals.unjudged;
        let of_few = |inside: usize| number(inside as f64 / few_values as f64);
        json!({
            "quantities": totals.quantities,
            "values": totals.values,
            "coverage90": number(coverage90),
            "coverage50": number(coverage50),
            "allYears": { "values": all, "coverage90": share(all90), "coverage50": share(all50) },
            "notJudged": { "quantities": few, "values": few_values, "coverage90": of_few(few90), "coverage50": of_few(few50) },
            "mediansJudged": totals.medians,
            "mediansWithinTarget": totals.near,
            "mediansWithAReason": totals.excused,
            "facts": { "right": totals.facts.0, "wrong": totals.facts.1, "impossible": totals.facts.2 },
            "placements": { "total": totals.lists.0, "impossible": totals.lists.1, "leastP": totals.least_p.map(number) },
            "rolling": { "total": totals.rolling.0, "equal": totals.rolling.1 },
            "byAnOlderReading": { "rolling": totals.older.0, "facts": totals.older.1 },
        })
    }

    fn quantity_json(quantity: &Quantity) -> Value {
        let share = |inside: usize| number(inside as f64 / quantity.n as f64);
        json!({
            "quantity": quantity.name,
            "n": quantity.n,
            "nAllYears": quantity.all,
            "years": [quantity.years.0, quantity.years.1],
            "newestYearsOnly": quantity.is_new,
            "recorded": three(&quantity.recorded),
            "model": three(&quantity.model),
            "ratioOfMedians": number(quantity.ratio()),
            "coverage50": share(quantity.inside50),
            "coverage90": share(quantity.inside90),
            "judged": quantity.is_judged(),
            "medianJudged": quantity.has_median(),
            "withinTarget": quantity.is_near(),
            "reason": quantity.why_not(),
            "cases": quantity.cases,
        })
    }

    fn placements_json(&self) -> Value {
        let placements = &self.placements;
        let list = |(set_up, list, count): &(String, String, u32)| json!({ "set": set_up, "list": list, "count": count, "reason": why_impossible(set_up, list) });
        let frequencies = placements.frequencies.iter().map(|of| {
            let kept = of
                .kept
                .iter()
                .map(|(ids, recorded, model)| json!({ "ids": ids, "recorded": recorded, "model": model }));
            json!({
                "of": of.name, "recorded": of.recorded, "chiSquare": number(of.chi_square), "degrees": of.degrees,
                "p": number(of.p), "kept": kept.collect::<Vec<_>>(),
            })
        });
        let victims = placements.victims.iter().map(|victim| {
            json!({
                "of": victim.set_up, "recorded": victim.recorded, "count": victim.count, "model": victim.model,
                "seeds": victim.seeds, "share": number(victim.share),
            })
        });
        json!({
            "total": placements.total,
            "impossible": placements.impossible.iter().map(list).collect::<Vec<_>>(),
            "frequencies": frequencies.collect::<Vec<_>>(),
            "scaleIns": victims.collect::<Vec<_>>(),
        })
    }
}

impl Quantity {
    /// Why it is not within its target, where it is not.
    pub fn why_not(&self) -> Option<String> {
        if !self.played {
            return Some("the model gives it no length".to_owned());
        }
        if self.all < LEAST {
            return Some(format!("fewer than {LEAST} values in all years: shown, not judged"));
        }
        if !self.has_median() {
            return Some(format!("fewer than {LEAST_MEDIAN} new values: the median is shown, not judged"));
        }
        if self.is_near() {
            return None;
        }
        Some(self.exception().map_or_else(|| "not explained".to_owned(), |known| known.reason.to_owned()))
    }
}

fn fact_json(fact: &Fact) -> Value {
    let fares = match fact.fares() {
        Fares::Right => "right",
        Fares::Wrong => "wrong",
        Fares::Impossible => "impossible",
    };
    json!({
        "fact": fact.name, "of": fact.set_up, "case": fact.case, "recorded": fact.recorded, "model": fact.model,
        "share": number(fact.share), "count": fact.count, "verdict": fares, "olderReading": fact.is_older,
    })
}

fn rolling_json(row: &Rolling) -> Value {
    json!({
        "of": row.set_up, "case": row.case, "count": row.count, "equal": row.is_equal(), "olderReading": row.is_older,
        "result": { "recorded": row.result, "model": row.model_result },
        "seconds": {
            "recorded": [number(row.recorded.0), number(row.recorded.1)],
            "model": [number(row.model.0), number(row.model.1)],
            "within": row.inside,
        },
    })
}

impl Table {
    /// All of it in four lines.
    pub fn summary(&self) -> [String; 4] {
        let totals = &self.totals;
        let (right, wrong, impossible) = totals.facts;
        let older = match totals.older.0 {
            0 => String::new(),
            count => format!("; {count} of them are compared with the older behaviour of their year"),
        };
        [
            self.lengths(),
            format!(
                "Answers, counts and placement: {right} recorded facts are right, {wrong} wrong and {impossible} impossible; of {} \
                 recorded lists of instances, {} cannot be produced.",
                totals.lists.0, totals.lists.1,
            ),
            format!(
                "Rolling upgrades: {} of {} recorded ones end with the result, the error and the length that the model gives{older}.",
                totals.rolling.1, totals.rolling.0,
            ),
            self.out_of_sample(),
        ]
    }

    fn lengths(&self) -> String {
        let totals = &self.totals;
        if totals.values == 0 {
            return "Durations: nothing was recorded often enough to be judged.".to_owned();
        }
        let (coverage90, coverage50) = totals.coverage();
        let (all, all90, all50) = totals.all;
        let of_all = |inside: usize| 100.0 * inside as f64 / all as f64;
        let off = totals.medians - totals.near;
        let medians = match (off, off - totals.excused) {
            (0, _) => String::new(),
            (1, 0) => "; one is not, for a reason that the table names".to_owned(),
            (off, 0) => format!("; {off} are not, for reasons that the table names"),
            (off, unknown) => format!("; {off} are not, {unknown} of them for no known reason"),
        };
        format!(
            "Durations: of {} recorded values of {} quantities (the newest years, where there are any), {:.0} % lie within the model's 90 % \
             band and {:.0} % within its 50 % band; of all years {:.0} % and {:.0} % (n = {all}). {} of {} medians are within \
             25 %{medians}.",
            totals.values,
            totals.quantities,
            100.0 * coverage90,
            100.0 * coverage50,
            of_all(all90),
            of_all(all50),
            totals.near,
            totals.medians,
        )
    }

    fn out_of_sample(&self) -> String {
        let fitted = match self.is_fitted {
            true => "The model's defaults were fitted to these same recordings, so all this is a fit and not a test. ",
            false => "",
        };
        match self.held_out.totals() {
            (0, ..) => {
                format!("{fitted}Held-out check: too little was recorded to fit one half and test on the other.")
            }
            (n, inside90, inside50) => format!(
                "{fitted}Held-out check: fitted to each half of the recordings and tested on the other half, {:.0} % of the values lie within \
                 the 90 % band and {:.0} % within the 50 % band (n = {n}, of {} kinds of single operations).",
                100.0 * inside90 as f64 / n as f64,
                100.0 * inside50 as f64 / n as f64,
                self.held_out.kinds.len(),
            ),
        }
    }
}
