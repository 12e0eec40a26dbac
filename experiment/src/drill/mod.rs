//! `drill`: a fleet in every standard incident, judged, with the one change that would help it most.
//!
//! [`prepare`] fits the drills to the fleet, [`card`] says what an incident came to, [`search`] tries changes, [`suite`] makes tests of
//! them. Nothing here knows which incidents there are: they are files (`windtunnel_input::drill`).

pub mod card;
pub mod prepare;
pub mod search;
pub mod suite;
