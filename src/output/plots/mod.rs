//! The pictures of a run, as SVG, and as PNG from the same SVG.
//!
//! One visual language: title, below it scenario, policy and seed; time across from the start to the horizon; a light
//! ground; colours that colour-blind readers tell apart, and stripes or words wherever a colour means harm; names beside
//! what they name. The bytes of an SVG depend on the run alone.

pub mod axis;
pub mod canvas;
pub mod capacity;
pub mod comparison;
pub mod fleet;
pub mod harm;
pub mod png;
pub mod steps;
mod svg;
pub mod versions;

pub use axis::Caption;
