//! Which tests are run: the language of `-E`, and shards.
//!
//! ```text
//! any   := all ( ("|" | "or") all )*
//! all   := one ( ("&" | "and") one )*
//! one   := ("not" | "!") one | "(" any ")" | NAME "(" match ")" | word
//! NAME  := "scenario" | "policy" | "test"
//! match := "=" text | text
//! ```
//!
//! `scenario(x)` asks whether the name of the scenario has `x` in it, `scenario(=x)` whether it is `x`; `policy` and `test`
//! likewise, the test being the name of the expectation alone. A word by itself is looked for in the whole name,
//! `scenario::policy::test`. A text with spaces or signs stands in quotes, `'…'` or `"…"`; within `NAME(…)` it needs none,
//! as long as its parentheses are in pairs. `not` binds most, then `&`, then `|`. Upper and lower case differ.

/// The name of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The scenario: stem of its file name.
    pub scenario: String,
    /// The policy.
    pub policy: String,
    /// The expectation.
    pub test: String,
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}::{}::{}", self.scenario, self.policy, self.test)
    }
}

/// A filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Any of these.
    Any(Vec<Filter>),
    /// All of these.
    All(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A part of a name.
    Part(Part, Match),
}

/// A part of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The whole of it.
    Whole,
    /// The scenario.
    Scenario,
    /// The policy.
    Policy,
    /// The expectation.
    Test,
}

/// How a text is matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// It has this in it.
    Has(String),
    /// It is this.
    Is(String),
}

/// What is wrong with a filter, and at which character, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub at: usize,
}

impl Wrong {
    /// The filter with a mark under the place.
    #[must_use]
    pub fn shown(&self, filter: &str) -> String {
        format!("{}\n  {filter}\n  {}^", self.message, " ".repeat(self.at))
    }
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// It is not one.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let tokens = tokens(text)?;
        let mut reader = Reader { tokens: &tokens, at: 0, end: text.chars().count() };
        let filter = reader.any()?;
        match reader.peek() {
            None => Ok(filter),
            Some((Token::Close, at)) => Err(Wrong { message: "this `)` closes nothing".into(), at }),
            Some((_, at)) => Err(Wrong { message: "`&` or `|` is missing before this".into(), at }),
        }
    }

    /// Whether it takes a test.
    #[must_use]
    pub fn takes(&self, name: &Name) -> bool {
        match self {
            Self::Any(list) => list.iter().any(|one| one.takes(name)),
            Self::All(list) => list.iter().all(|one| one.takes(name)),
            Self::Not(one) => !one.takes(name),
            Self::Part(part, how) => {
                let whole;
                let text = match part {
                    Part::Whole => {
                        whole = name.to_string();
                        &whole
                    }
                    Part::Scenario => &name.scenario,
                    Part::Policy => &name.policy,
                    Part::Test => &name.test,
                };
                match how {
                    Match::Has(some) => text.contains(some.as_str()),
                    Match::Is(all) => text == all,
                }
            }
        }
    }
}

/// A filter that takes this test of its scenario and no other.
#[must_use]
pub fn only(name: &Name) -> String {
    format!("policy(={}) & test(={})", written(&name.policy), written(&name.test))
}

/// The same among those of several scenarios.
#[must_use]
pub fn only_in(name: &Name) -> String {
    format!("scenario(={}) & {}", written(&name.scenario), only(name))
}

/// A text as a filter takes it.
fn written(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || " -_.,:;%+".contains(c)) && text.trim() == text;
    match (plain, text.contains('"')) {
        (true, _) => text.to_owned(),
        (false, false) => format!("\"{text}\""),
        (false, true) => format!("'{text}'"),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Word(String),
    Named(Part, Match),
}

/// Splits a filter; each token with its place.
fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Wrong> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let start = at;
        at += 1;
        let token = match letters[start] {
            letter if letter.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            '&' => Token::And,
            '|' => Token::Or,
            '!' => Token::Not,
            quote @ ('\'' | '"') => {
                let (text, end) = quoted(&letters, at, quote)?;
                at = end;
                Token::Word(text)
            }
            _ => {
                let ends = |letter: &char| letter.is_whitespace() || "()&|!'\"".contains(*letter);
                at = letters[start..].iter().position(ends).map_or(letters.len(), |length| start + length);
                let word: String = letters[start..at].iter().collect();
                if letters.get(at) == Some(&'(') {
                    let (token, end) = named(&letters, &word, start, at)?;
                    at = end;
                    token
                } else {
                    match word.as_str() {
                        "and" => Token::And,
                        "or" => Token::Or,
                        "not" => Token::Not,
                        _ => Token::Word(word),
                    }
                }
            }
        };
        tokens.push((token, start));
    }
    Ok(tokens)
}

/// The text up to the quote that ends it, and the place behind.
fn quoted(letters: &[char], from: usize, quote: char) -> Result<(String, usize), Wrong> {
    let length = letters[from..].iter().position(|letter| *letter == quote);
    let length = length.ok_or_else(|| Wrong { message: format!("this {quote} is never closed"), at: from - 1 })?;
    Ok((letters[from..from + length].iter().collect(), from + length + 1))
}

/// `NAME(match)`, whose parenthesis opens at `open`; and the place behind.
fn named(letters: &[char], word: &str, start: usize, open: usize) -> Result<(Token, usize), Wrong> {
    let part = match word {
        "scenario" => Part::Scenario,
        "policy" => Part::Policy,
        "test" => Part::Test,
        "not" => return Ok((Token::Not, open)),
        "and" => return Ok((Token::And, open)),
        "or" => return Ok((Token::Or, open)),
        _ => {
            let message = format!("unknown `{word}(…)`; use `scenario(…)`, `policy(…)` or `test(…)`");
            return Err(Wrong { message, at: start });
        }
    };
    let (mut depth, mut at, mut quote) = (1, open + 1, None);
    while depth > 0 {
        let Some(letter) = letters.get(at) else {
            return Err(Wrong { message: "this `(` is never closed".into(), at: open });
        };
        match (quote, letter) {
            (Some(open), letter) if open == *letter => quote = None,
            (Some(_), _) => {}
            // An apostrophe within a word opens nothing.
            (None, '\'' | '"') if at == open + 1 || "( =".contains(letters[at - 1]) => quote = Some(*letter),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
        at += 1;
    }
    let inner: String = letters[open + 1..at - 1].iter().collect();
    let inner = inner.trim();
    let (exact, rest) = inner.strip_prefix('=').map_or((false, inner), |rest| (true, rest.trim_start()));
    let bare = |quote: char| rest.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let text = bare('\'').or_else(|| bare('"')).unwrap_or(rest).to_owned();
    if text.is_empty() {
        return Err(Wrong { message: format!("`{word}(…)` is empty"), at: open });
    }
    Ok((Token::Named(part, if exact { Match::Is(text) } else { Match::Has(text) }), at))
}

struct Reader<'t> {
    tokens: &'t [(Token, usize)],
    at: usize,
    end: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<(Token, usize)> {
        self.tokens.get(self.at).cloned()
    }

    fn any(&mut self) -> Result<Filter, Wrong> {
        let mut list = vec![self.all()?];
        while let Some((Token::Or, _)) = self.peek() {
            self.at += 1;
            list.push(self.all()?);
        }
        Ok(if list.len() == 1 { list.remove(0) } else { Filter::Any(list) })
    }

    fn all(&mut self) -> Result<Filter, Wrong> {
        let mut list = vec![self.one()?];
        while let Some((Token::And, _)) = self.peek() {
            self.at += 1;
            list.push(self.one()?);
        }
        Ok(if list.len() == 1 { list.remove(0) } else { Filter::All(list) })
    }

    fn one(&mut self) -> Result<Filter, Wrong> {
        let missing =
            |at| Wrong { message: "a word, `scenario(…)`, `policy(…)` or `test(…)` is missing here".into(), at };
        let Some((token, at)) = self.peek() else { return Err(missing(self.end)) };
        self.at += 1;
        match token {
            // As deep as a filter may be: one that is written by hand is not.
            Token::Not | Token::Open if self.at > 500 => Err(Wrong { message: "the filter is too long".into(), at }),
            Token::Not => Ok(Filter::Not(Box::new(self.one()?))),
            Token::Open => {
                let inner = self.any()?;
                match self.peek() {
                    Some((Token::Close, _)) => {
                        self.at += 1;
                        Ok(inner)
                    }
                    Some((_, at)) => Err(Wrong { message: "`&` or `|` is missing before this".into(), at }),
                    None => Err(Wrong { message: "this `(` is never closed".into(), at }),
                }
            }
            Token::Word(text) => Ok(Filter::Part(Part::Whole, Match::Has(text))),
            Token::Named(part, how) => Ok(Filter::Part(part, how)),
            Token::Close | Token::And | Token::Or => Err(missing(at)),
        }
    }
}

/// One shard of several: a test belongs to the same one on every machine, whatever other tests there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Partition {
    /// Reads `2/3`.
    ///
    /// # Errors
    ///
    /// It is not a shard.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a shard: write m/n with m from 1 to n, such as 2/3");
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let read = |text: &str| text.parse::<u64>().ok().filter(|number| (1..=100_000).contains(number));
        let (number, of) = (read(number).ok_or_else(wrong)?, read(of).ok_or_else(wrong)?);
        if number <= of { Ok(Self { number, of }) } else { Err(wrong()) }
    }

    /// Whether a test is in this shard: the first eight bytes of the BLAKE3 hash of its name, as a number with the least
    /// byte first, modulo the number of shards.
    #[must_use]
    pub fn takes(self, name: &Name) -> bool {
        let hash = blake3::hash(name.to_string().as_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hash.as_bytes()[..8]);
        u64::from_le_bytes(bytes) % self.of == self.number - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(scenario: &str, policy: &str, test: &str) -> Name {
        Name { scenario: scenario.into(), policy: policy.into(), test: test.into() }
    }

    fn takes(filter: &str) -> Vec<bool> {
        let filter = Filter::parse(filter).unwrap_or_else(|wrong| panic!("{}", wrong.shown(filter)));
        let names = [
            name("stale", "as-written", "nobody is turned away"),
            name("stale", "baked", "no stale window (at all)"),
            name("bad-bake", "baked", "nobody is hurt"),
        ];
        names.iter().map(|name| filter.takes(name)).collect()
    }

    #[test]
    fn filters_take_what_they_say() {
        let (yes, no) = (true, false);
        assert_eq!(takes("stale"), [yes, yes, no]);
        assert_eq!(takes("baked"), [no, yes, yes]);
        assert_eq!(takes("policy(baked)"), [no, yes, yes]);
        assert_eq!(takes("scenario(=stale) & policy(baked)"), [no, yes, no]);
        assert_eq!(takes("scenario(=stal)"), [no, no, no]);
        assert_eq!(takes("test(nobody) | test(window)"), [yes, yes, yes]);
        assert_eq!(takes("not test(nobody)"), [no, yes, no]);
        assert_eq!(takes("!stale or test(=nobody is turned away)"), [yes, no, yes]);
        assert_eq!(takes("test(=no stale window (at all))"), [no, yes, no]);
        assert_eq!(takes("test(\"(at all)\") and not policy(x)"), [no, yes, no]);
        assert_eq!(takes("stale::baked"), [no, yes, no]);
    }

    /// `a | b & c` is `a | (b & c)`, and `not a & b` is `(not a) & b`.
    #[test]
    fn not_binds_more_than_and_and_and_more_than_or() {
        assert_eq!(takes("stale | baked & hurt"), [true, true, true]);
        assert_eq!(takes("(stale | baked) & hurt"), [false, false, true]);
        assert_eq!(takes("not stale & baked"), [false, false, true]);
        assert_eq!(takes("not (stale & baked)"), [true, false, true]);
    }

    #[test]
    fn what_is_no_filter_is_a_problem_with_its_place() {
        for (filter, words, at) in [
            ("", "is missing here", 0),
            ("stale &", "is missing here", 7),
            ("(stale", "never closed", 0),
            ("test(a", "never closed", 4),
            ("stale)", "closes nothing", 5),
            ("a b", "is missing before this", 2),
            ("polcy(a)", "unknown `polcy(…)`", 0),
            ("test()", "is empty", 4),
            ("'a", "never closed", 0),
        ] {
            let wrong = Filter::parse(filter).expect_err(filter);
            assert!(wrong.message.contains(words) && wrong.at == at, "{filter}: {wrong:?}");
        }
        assert!(Filter::parse(&"(".repeat(100_000)).is_err(), "no filter overflows the stack");
    }

    #[test]
    fn the_filter_for_one_test_takes_it_alone() {
        let odd = [name("s", "p", "a (b) & 'c'"), name("s", "p", "plain, 33 %"), name("s", "p", "say \"x\" | y")];
        for one in &odd {
            let filter = Filter::parse(&only(one)).unwrap_or_else(|wrong| panic!("{}", wrong.shown(&only(one))));
            for other in &odd {
                assert_eq!(filter.takes(other), one == other, "{}", only(one));
            }
        }
    }

    #[test]
    fn every_test_is_in_one_shard_and_stays_there() {
        let names: Vec<Name> = (0..300).map(|n| name("s", "p", &n.to_string())).collect();
        let shards: Vec<Partition> = (1..=3).map(|number| Partition { number, of: 3 }).collect();
        for one in &names {
            assert_eq!(shards.iter().filter(|shard| shard.takes(one)).count(), 1);
        }
        // A hundred each, give or take what chance does to 300 throws: five standard deviations are 41.
        for shard in shards {
            let count = names.iter().filter(|one| shard.takes(one)).count();
            assert!((59..=141).contains(&count), "{count}");
        }
        for wrong in ["", "3", "0/3", "4/3", "a/b", "1/0", "-1/3"] {
            assert!(Partition::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Partition::parse("2/3"), Ok(Partition { number: 2, of: 3 }));
    }
}
