//! The layer [`windtunnel_input`], with files read from the disk.

use crate::disk::file::Disk;
use std::path::Path;

pub use windtunnel_input::*;

/// Reads a scenario file and plans each of its policies.
///
/// # Errors
///
/// As [`windtunnel_input::load`].
pub fn load(path: &Path, options: &LoadOptions) -> Result<Loaded, Report> {
    windtunnel_input::load(&Disk, path, options)
}

/// Reads a scenario whose text is at hand; files that it names are relative to `name`.
///
/// # Errors
///
/// As [`windtunnel_input::load_text`].
pub fn load_text(name: &str, text: String, options: &LoadOptions) -> Result<Loaded, Report> {
    windtunnel_input::load_text(&Disk, name, text, options)
}

/// Azure's own files.
pub mod arm {
    use super::tree::Node;
    use super::{Disk, Path, Problems};

    pub use windtunnel_input::arm::*;

    /// Reads the resources of a file that Windtunnel models, and of them what it models; see [`windtunnel_input::arm::load`].
    pub fn load(path: &Path, parameters: Option<&Path>, set: &[(String, Node)]) -> (Vec<Node>, Problems) {
        windtunnel_input::arm::load(&Disk, path, Beside { parameters, set, ..Beside::default() }, Kept::Modelled)
    }
}

/// Text to tree.
pub mod read {
    use super::tree::{Node, Span};
    use super::{Disk, Path, Problems};

    pub use windtunnel_input::read::*;

    /// Reads a file: JSON where its name ends so, YAML otherwise.
    pub fn read_file(path: &Path, problems: &mut Problems) -> Option<Node> {
        windtunnel_input::read::read_file(&Disk, path, problems)
    }

    /// The text of a file and the name under which messages show it.
    pub fn text_of(path: &Path, named_at: Option<&Span>, problems: &mut Problems) -> Option<(String, String)> {
        windtunnel_input::read::text_of(&Disk, path, named_at, problems)
    }
}
