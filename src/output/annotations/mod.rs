//! Annotations: something that is said at a line of a file, in the forms that build services read. What `lint` found and the tests
//! that did not pass are both of this kind, and each form is written here once.

pub(crate) mod azure;
pub(crate) mod code_quality;
pub(crate) mod github;
pub(crate) mod sarif;

use crate::input::Severity;
use crate::input::tree::Span;
use std::path::{Path, PathBuf};

/// Something that is said at a line of a file.
#[derive(Clone, Debug)]
pub(crate) struct Annotation {
    /// How bad it is.
    pub severity: Severity,
    /// Where; nowhere in particular if there is no file.
    pub place: Option<Place>,
    /// The word by which programs know the kind: `L0203`, `fail`.
    pub code: &'static str,
    /// What it is about, in one line.
    pub title: String,
    /// What is said; it may have lines.
    pub message: String,
    /// What tells it apart from others, wherever its lines move.
    pub identity: String,
}

/// A place in a file.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The file, as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, where it is known.
    pub column: Option<usize>,
    /// The line and the column at which it ends, where they are known.
    pub end: Option<(usize, usize)>,
}

impl From<&Span> for Place {
    fn from(span: &Span) -> Self {
        let end = Span { start: span.end, ..span.clone() };
        let column = Some(span.column());
        Self { file: span.source.name.clone(), line: span.line(), column, end: Some((end.line(), end.column())) }
    }
}

impl Annotation {
    /// 32 digits that stay the same as long as the identity does.
    pub fn fingerprint(&self) -> String {
        blake3::hash(self.identity.as_bytes()).to_hex()[..32].to_owned()
    }
}

/// The variables in which build services name the folder of the sources: GitHub, Azure Pipelines, GitLab.
const WORKSPACES: [&str; 3] = ["GITHUB_WORKSPACE", "BUILD_SOURCESDIRECTORY", "CI_PROJECT_DIR"];

/// The folder of the sources, which build services want paths to be relative to.
pub(crate) fn workspace() -> Option<PathBuf> {
    WORKSPACES.into_iter().filter_map(std::env::var_os).find(|path| !path.is_empty()).map(PathBuf::from)
}

/// A path as a build service knows it.
pub(crate) fn relative(path: &Path, workspace: Option<&Path>) -> String {
    let inside = || {
        let whole = std::path::absolute(path).ok()?;
        let within = whole.strip_prefix(workspace?).ok()?;
        Some(within.display().to_string())
    };
    let text = inside().unwrap_or_else(|| path.display().to_string()).replace('\\', "/");
    text.strip_prefix("./").map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_workspace() {
        let here = std::env::current_dir().expect("there is a folder");
        assert_eq!(relative(Path::new("scenarios/a.yaml"), Some(&here)), "scenarios/a.yaml");
        assert_eq!(relative(&here.join("scenarios/a.yaml"), Some(&here)), "scenarios/a.yaml");
        assert_eq!(
            relative(Path::new("a.yaml"), here.parent()),
            format!("{}/a.yaml", here.file_name().expect("named").to_string_lossy())
        );
        assert_eq!(relative(Path::new("../a.yaml"), Some(Path::new("/elsewhere"))), "../a.yaml");
        assert_eq!(relative(Path::new("./a.yaml"), None), "a.yaml");
    }
}
