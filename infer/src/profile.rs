//! Profiles: how well the observations can still be met when one unknown is held at a value, and all others and the seed may be what
//! they like. It is found by search, from the best of what was evaluated already.

use crate::sample::{Evaluate, Particle, Point, Settings, Variations, reflected};
use crate::stream::Stream;

/// The profile of one unknown.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The best that was found with the unknown in each of even cells of its prior, or at each thing of a choice.
    pub best: Vec<Particle>,
}

/// So many cells an unknown with an order has.
pub const CELLS: usize = 12;
/// Rounds of the search, and proposals a cell in each.
const ROUNDS: usize = 10;
const PROPOSALS: usize = 12;
/// So many of the best are carried on in a cell.
const CARRIED: usize = 5;
/// How far below the best a cell may lie and still agree with the observations: half of what χ² of one degree exceeds in 5 % of cases.
pub const AGREES: f64 = 1.920_729;

impl Profile {
    /// How far each cell lies below the best of all.
    #[must_use]
    pub fn drops(&self) -> Vec<f64> {
        let most = self.best.iter().map(|one| one.log_likelihood).fold(f64::NEG_INFINITY, f64::max);
        self.best.iter().map(|one| most - one.log_likelihood).collect()
    }

    /// The share of the prior that agrees with the observations.
    #[must_use]
    pub fn agreeing(&self) -> f64 {
        let agrees = self.drops().into_iter().filter(|drop| *drop <= AGREES).count();
        agrees as f64 / self.best.len() as f64
    }
}

/// How many evaluations the profiles of unknowns with so many cells take.
#[must_use]
pub const fn runs(cells: usize) -> usize {
    ROUNDS * PROPOSALS * cells + cells
}

/// The profiles of unknowns; `settings` are those of the sample, and `archive` is what was evaluated before.
///
/// # Errors
///
/// A point cannot be evaluated.
pub fn profiles<E: Evaluate>(
    settings: &Settings,
    archive: &[Particle],
    evaluate: &mut E,
) -> Result<Vec<Profile>, E::Error> {
    let Settings { choices, seed, variations, .. } = settings;
    let mut all = Vec::new();
    for unknown in 0..choices.len() {
        let count = choices[unknown].unwrap_or(CELLS);
        let search = Search { choices, unknown, count, seed: *seed, variations: *variations };
        all.push(search.profile(archive, evaluate)?);
    }
    Ok(all)
}

struct Search<'s> {
    choices: &'s [Option<usize>],
    unknown: usize,
    count: usize,
    seed: u64,
    variations: Option<Variations>,
}

impl Search<'_> {
    fn cell_of(&self, point: &Point) -> usize {
        ((point.at[self.unknown] * self.count as f64) as usize).min(self.count - 1)
    }

    fn profile<E: Evaluate>(&self, archive: &[Particle], evaluate: &mut E) -> Result<Profile, E::Error> {
        let mut cells: Vec<Vec<Particle>> = vec![Vec::new(); self.count];
        for one in archive {
            keep(&mut cells[self.cell_of(&one.point)], one.clone());
        }
        // The best of all, with this unknown in the middle of each cell.
        let best = archive.iter().max_by(|a, b| a.log_likelihood.total_cmp(&b.log_likelihood));
        if let Some(best) = best {
            let in_cell = |cell: usize| {
                let mut point = best.point.clone();
                point.at[self.unknown] = (cell as f64 + 0.5) / self.count as f64;
                point
            };
            self.try_all((0..self.count).map(in_cell).collect(), &mut cells, evaluate)?;
        }
        for round in 0..ROUNDS {
            let length = [0.2, 0.1, 0.1, 0.05, 0.05, 0.03, 0.03, 0.02, 0.01, 0.01][round.min(9)];
            let mut points = Vec::new();
            for cell in 0..self.count {
                let mut stream = Stream::new(self.seed, &[0x9f0f, self.unknown as u64, round as u64, cell as u64]);
                points.extend((0..PROPOSALS).map(|at| self.proposal(cell, at, &cells, length, &mut stream)));
            }
            self.try_all(points, &mut cells, evaluate)?;
        }
        Ok(Profile { best: cells.into_iter().filter_map(|cell| cell.into_iter().next()).collect() })
    }

    fn try_all<E: Evaluate>(
        &self,
        points: Vec<Point>,
        cells: &mut [Vec<Particle>],
        evaluate: &mut E,
    ) -> Result<(), E::Error> {
        let logs = evaluate.evaluate(&points)?;
        for (point, log) in points.into_iter().zip(logs) {
            let log_likelihood = if log.is_nan() { f64::NEG_INFINITY } else { log };
            keep(&mut cells[self.cell_of(&point)], Particle { point, log_likelihood });
        }
        Ok(())
    }

    /// A step away from one of the best of a cell or of its neighbours that stays in the cell, with its seed or a variation of it.
    fn proposal(&self, cell: usize, at: usize, cells: &[Vec<Particle>], length: f64, stream: &mut Stream) -> Point {
        let beside = [cell, cell.saturating_sub(1), (cell + 1).min(self.count - 1)]
            [if at % 3 == 2 { stream.below(3) } else { 0 }];
        let from = if cells[beside].is_empty() { cell } else { beside };
        let known = &cells[from];
        let mut point = match known.len() {
            0 => Point { at: self.choices.iter().map(|_| stream.unit()).collect(), seed: stream.bits() >> 33 },
            n => known[stream.below(n)].point.clone(),
        };
        for (share, choice) in point.at.iter_mut().zip(self.choices) {
            match choice {
                None => *share = reflected(*share + length * stream.normal()),
                Some(_) if stream.unit() < 0.2 => *share = stream.unit(),
                Some(_) => {}
            }
        }
        if let Some(of) = self.variations.filter(|_| stream.below(2) == 0) {
            point.seed = of.varied(point.seed, stream);
        }
        let width = 1.0 / self.count as f64;
        let own = &mut point.at[self.unknown];
        *own = if self.choices[self.unknown].is_some() || from != cell {
            (cell as f64 + stream.unit()) * width
        } else {
            own.clamp(cell as f64 * width, (cell as f64 + 1.0 - 1e-9) * width)
        };
        point
    }
}

/// Keeps the best, the first of them first.
fn keep(cell: &mut Vec<Particle>, one: Particle) {
    let at = cell.partition_point(|known| known.log_likelihood >= one.log_likelihood);
    if at < CARRIED {
        cell.insert(at, one);
        cell.truncate(CARRIED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::tests::Of;
    use crate::sample::{Settings, sample};

    /// The likelihood knows x + y alone, to 0.01, and z, to 0.05 about 0.5; w it does not know. The profile of x and of w is flat, within
    /// what the search leaves; that of z at the middle of the first of twelve cells, or the end of it that is nearest, 1/12, is
    /// ((0.5 − 1/12) ÷ 0.05)² ÷ 2 = 34.7.
    #[test]
    fn a_profile_is_flat_where_nothing_is_known() {
        let log = |point: &Point| {
            let sum = (point.at[0] + point.at[1] - 1.0) / 0.01;
            let z = (point.at[2] - 0.5) / 0.05;
            -(sum * sum + z * z) / 2.0
        };
        let choices = [None; 4];
        let settings = Settings {
            particles: 200,
            runs: 100_000,
            seed: 5,
            seeds: (1, 100),
            variations: None,
            choices: choices.to_vec(),
        };
        let Ok(posterior) = sample(&settings, &mut Of(log));
        let Ok(all) = profiles(&settings, &posterior.archive, &mut Of(log));
        for flat in [0, 1, 3] {
            assert!(all[flat].agreeing() > 0.9, "{flat}: {:?}", all[flat].drops());
        }
        let drop = all[2].drops()[0];
        assert!((34.0..40.0).contains(&drop), "{drop}");
        assert!(all[2].agreeing() < 0.4);
    }
}
