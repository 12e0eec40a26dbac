//! What is concluded from what was observed: durations as assumptions, values at paths, unknowns and their fit.

#[path = "fit/calibrate.rs"]
mod calibrate;
#[path = "fit/common.rs"]
mod common;
#[path = "fit/fits.rs"]
mod fits;
#[path = "fit/paths.rs"]
mod paths;
#[path = "fit/verbs.rs"]
mod verbs;
