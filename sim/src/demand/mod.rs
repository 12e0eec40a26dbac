//! What presses on the fleet from outside and what it has to offer: the application, its users, and what goes wrong.

pub mod application;
pub mod faults;
pub mod jobs;
pub mod timeline;
pub mod traffic;
