//! The text of a draft: lines, each with the key that it is about, and what of it was guessed.

/// A line of a scenario that somebody wrote for its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The keys that lead to what it says; of a comment, the section it teaches about and its number there. Empty for an empty line.
    pub path: Vec<String>,
    /// The line, with its comment.
    pub text: String,
    /// What of it no file says.
    pub guess: Option<String>,
}

/// The lines of a scenario, in the making.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// So far.
    pub lines: Vec<Line>,
    section: String,
    comments: usize,
}

/// Where the comment behind a value begins.
const COMMENT: usize = 40;
/// The mark of a comment among the keys of a path: no key of a scenario begins so.
pub const COMMENTS: &str = "#";

impl Page {
    /// Begins what is about a key of the file, behind an empty line.
    pub fn section(&mut self, name: &str) {
        if !self.lines.is_empty() {
            self.lines.push(Line { path: Vec::new(), text: String::new(), guess: None });
        }
        name.clone_into(&mut self.section);
        self.comments = 0;
    }

    /// A line of comment; its words begin behind `# `.
    pub fn comment(&mut self, indent: usize, text: &str) {
        let path = vec![self.section.clone(), COMMENTS.to_owned(), self.comments.to_string()];
        self.comments += 1;
        let text = format!("{:indent$}# {text}", "").trim_end().to_owned();
        self.lines.push(Line { path, text, guess: None });
    }

    /// A line of comment about what comes next: what these keys lead to.
    pub fn comment_on(&mut self, path: &[&str], indent: usize, text: &str) {
        let path = path.iter().copied().chain([COMMENTS]).map(str::to_owned).collect();
        self.lines.push(Line { path, text: format!("{:indent$}# {text}", ""), guess: None });
    }

    /// A key and its value, with a comment behind it where there is something to teach.
    pub fn entry(&mut self, path: &[&str], text: &str, comment: &str) {
        self.push(path, text, comment, None);
    }

    /// The same, of which the value is a guess.
    pub fn guess(&mut self, path: &[&str], text: &str, why: &str) {
        self.push(path, text, &format!("guess: {why}"), Some(why.to_owned()));
    }

    fn push(&mut self, path: &[&str], text: &str, comment: &str, guess: Option<String>) {
        let path = path.iter().map(|&key| key.to_owned()).collect();
        let pad = COMMENT.saturating_sub(text.chars().count()).max(2);
        let text = if comment.is_empty() { text.to_owned() } else { format!("{text}{:pad$}# {comment}", "") };
        self.lines.push(Line { path, text, guess });
    }
}

/// A text as a key or value of YAML, in a list or mapping of braces, too: plain where that is safe.
#[must_use]
pub fn scalar(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    let begins = text.starts_with(|first: char| first.is_ascii_alphanumeric() || "_./".contains(first));
    let is_word = !["null", "~", ""].contains(&text);
    if is_word && begins && text.chars().all(plain) {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}
