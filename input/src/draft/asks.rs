//! What a path is taken to ask the application for: one guess, for drafts, drills and proofs alike.

/// What the answer of a path depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// `tcp`: whether the port is open.
    Port,
    /// A page of the server itself, which is there whatever the application behind it lacks.
    Server,
    /// The application, with what it depends on.
    Application,
}

/// Paths that the server itself answers.
const OF_THE_SERVER: [&str; 6] = ["/", "/index.html", "/index.htm", "/default.htm", "/iisstart.htm", "/favicon.ico"];

impl Asks {
    /// What a path asks for, as `application.endpoints` names it.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let page = path.split(['?', '#']).next().unwrap_or_default();
        match path {
            "tcp" => Self::Port,
            _ if page.is_empty() || OF_THE_SERVER.iter().any(|known| page.eq_ignore_ascii_case(known)) => Self::Server,
            _ => Self::Application,
        }
    }

    /// Why it answers well, as a draft says it.
    #[must_use]
    pub const fn guess(self) -> &'static str {
        match self {
            Self::Port => "the port opens once it can serve",
            Self::Server => "a page of the server: it answers well once it can serve, whatever the application lacks",
            Self::Application => "it answers well once it can serve",
        }
    }
}
