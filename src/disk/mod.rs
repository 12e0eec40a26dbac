//! The disk: the only place that changes it, and the rules by which nothing of a user's is lost.
//!
//! - A folder is made as a *draft* beside its place, flushed, and then exchanged with what is there; the old one goes
//!   when the new one stands ([`folder`]). On a mount point, which cannot be renamed, the files are exchanged one by one
//!   under a marker that says "not finished".
//! - A file is written under another name, flushed and renamed ([`file`]).
//! - Only what a *marker* says is ours is ever removed ([`marker`]); a file that it does not list is a refusal that names it.
//! - Two programs that write one folder at once: the second is refused ([`lock`]).
//! - Every stored file says the number of its format, and [`formats`] declares them.
//! - A name of the user's becomes the name of a file by one function ([`names`]).
//!
//! Every call that changes the disk stands in [`ops`], where the tests make each of them fail in turn.

mod bicep;
pub mod file;
pub mod folder;
mod lock;
pub mod marker;
pub(crate) mod names;
mod ops;
pub mod revision;

pub use ops::append;
