//! Values of parameters, and the little arithmetic that there is with them.

use super::keys::Is;
use crate::quantity;
use windtunnel_sim::engine::time::SimDuration;

/// A product of a length of time is no longer: an instant has 48 bits of milliseconds.
const LONGEST_MS: f64 = 1e14;

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A name or another text.
    Text(String),
    /// A whole number of things; what is computed of it is rounded up.
    Count(u32),
    /// A number.
    Number(f64),
    /// Requests a second.
    Rate(f64),
    /// A share, 0 to 1.
    Share(f64),
    /// A length of time, or an instant since the beginning.
    Time(SimDuration),
}

impl Value {
    /// Reads the value of a parameter that is declared as `is`.
    ///
    /// # Errors
    ///
    /// It is none, with what is wrong.
    pub fn declared(is: Is, text: &str) -> Result<Self, quantity::Wrong> {
        let number = || {
            let value = quantity::number_of(text).filter(|value| value.is_finite());
            value.ok_or_else(|| quantity::Wrong {
                message: format!("`{text}` is not a number"),
                why: "is not a number".to_owned(),
                help: Some("write a number such as `1.5`".to_owned()),
            })
        };
        match is {
            Is::Duration => quantity::duration(text).map(Self::Time),
            Is::Share => quantity::percent(text).map(Self::Share),
            Is::Number => number().map(Self::Number),
        }
    }

    /// A value that stands in an expression itself: a number, a share or a length of time.
    #[must_use]
    pub fn literal(text: &str) -> Option<Self> {
        let number = quantity::number_of(text).filter(|value| value.is_finite()).map(Self::Number);
        number
            .or_else(|| quantity::percent(text).ok().map(Self::Share))
            .or_else(|| quantity::duration(text).ok().map(Self::Time))
    }

    /// Its kind, for messages.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Count(_) => "a whole number",
            Self::Number(_) => "a number",
            Self::Rate(_) => "a rate",
            Self::Share(_) => "a share",
            Self::Time(_) => "a duration",
        }
    }

    /// `self OP other`; `None` where these two have no such thing.
    #[must_use]
    pub fn combined(&self, operator: char, other: &Self) -> Option<Self> {
        let factor = match other {
            Self::Number(number) => Some(*number),
            Self::Share(share) => Some(*share),
            Self::Count(count) => Some(f64::from(*count)),
            _ => None,
        };
        match (operator, self, other) {
            ('*', ..) => self.times(factor?),
            ('/', ..) => self.times(1.0 / factor.filter(|factor| *factor > 0.0)?),
            ('+', Self::Time(a), Self::Time(b)) => Some(Self::Time(SimDuration::from_ms(a.ms().checked_add(b.ms())?))),
            ('-', Self::Time(a), Self::Time(b)) => Some(Self::Time(SimDuration::from_ms(a.ms().checked_sub(b.ms())?))),
            ('+', Self::Rate(a), Self::Rate(b)) => Some(Self::Rate(a + b)),
            ('+' | '-', Self::Count(a), _) => {
                let by = factor? * if operator == '+' { 1.0 } else { -1.0 };
                whole(f64::from(*a) + by).map(Self::Count)
            }
            ('+', Self::Number(a), _) => Some(Self::Number(a + factor?)),
            ('-', Self::Number(a), _) => Some(Self::Number(a - factor?)),
            _ => None,
        }
    }

    fn times(&self, factor: f64) -> Option<Self> {
        if !factor.is_finite() || factor < 0.0 {
            return None;
        }
        Some(match self {
            Self::Count(count) => Self::Count(whole(f64::from(*count) * factor)?),
            Self::Number(number) => Self::Number(number * factor),
            Self::Rate(rate) => Self::Rate(rate * factor),
            Self::Share(share) => Self::Share((share * factor).min(1.0)),
            Self::Time(time) => {
                let ms = (time.ms() as f64 * factor).round();
                (ms < LONGEST_MS).then(|| Self::Time(SimDuration::from_ms(ms as u64)))?
            }
            Self::Text(_) => return None,
        })
    }

    /// As a scenario has it.
    #[must_use]
    pub fn text(&self) -> String {
        let number = |value: f64| windtunnel_words::number::decimals(value, 3);
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Number(value) => number(*value),
            Self::Rate(rate) => format!("{} rps", number(*rate)),
            Self::Share(share) => format!("{}%", number(100.0 * share)),
            Self::Time(time) => time.to_string(),
        }
    }
}

/// The next whole number at or above: half an instance is one. What rounding alone puts above is not.
fn whole(value: f64) -> Option<u32> {
    let up = (value - 1e-9).ceil();
    (0.0..=1_000_000.0).contains(&up).then_some(up as u32)
}
