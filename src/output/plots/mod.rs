//! The pictures of a run, as SVG, and as PNG from the same SVG.
//!
//! One visual language: title, below it scenario, policy and seed; time across from the start to the horizon; a light
//! ground; colours that colour-blind readers tell apart, and stripes or words wherever a colour means harm; names beside
//! what they name. The bytes of an SVG depend on the run alone.

pub(crate) mod axis;
pub mod budget;
pub(crate) mod canvas;
pub(crate) mod capacity;
pub mod comparison;
pub(crate) mod fleet;
pub(crate) mod harm;
pub(crate) mod observed;
pub mod png;
pub(crate) mod steps;
mod svg;
pub(crate) mod versions;

pub use axis::Caption;

use super::observed::Observations;
use windtunnel_sim::measure::lanes::Lanes;
use windtunnel_sim::measure::series::Series;
use windtunnel_words::describe::Names;

/// What the plots of a run are drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'r> {
    /// Which run it is.
    pub caption: Caption<'r>,
    /// The names of everything.
    pub names: &'r Names<'r>,
    /// What each instance was over time.
    pub lanes: &'r Lanes,
    /// What users met over time.
    pub series: &'r Series<'r>,
    /// What was observed, where the scenario says so.
    pub observed: Option<&'r Observations<'r>>,
}

/// A plot of a run.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    /// The name of its files.
    pub name: &'static str,
    /// Draws it.
    pub svg: fn(Scene<'_>) -> String,
}

/// The plots of a run, as its folder has them.
pub const PLOTS: &[Plot] = &[
    Plot { name: "fleet", svg: fleet::svg },
    Plot { name: "capacity", svg: capacity::svg },
    Plot { name: "versions", svg: versions::svg },
    Plot { name: "harm", svg: harm::svg },
    Plot { name: "budget", svg: budget::svg },
];
