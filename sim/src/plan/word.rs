//! Choices that a file spells as words. The words of each stand once, in the order in which pages list them.

/// A choice that a file spells as one word.
pub trait Word: Copy + PartialEq + 'static {
    /// Every choice.
    const ALL: &'static [Self];
    /// Their words, in the same order.
    const WORDS: &'static [&'static str];

    /// The choice with this word, to the letter.
    #[must_use]
    fn named(text: &str) -> Option<Self> {
        Self::WORDS.iter().position(|word| *word == text).map(|at| Self::ALL[at])
    }
}

/// Gives an enum its words: `words! { Storage { StandardLrs = "Standard_LRS", StandardZrs = "Standard_ZRS" } }`.
#[macro_export]
macro_rules! words {
    ($name:ty { $($choice:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// The word that files have for it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$choice => $word),+
                }
            }
        }

        impl $crate::plan::Word for $name {
            const ALL: &'static [Self] = &[$(Self::$choice),+];
            const WORDS: &'static [&'static str] = &[$($word),+];
        }
    };
}

#[cfg(test)]
mod tests {
    use super::Word;
    use crate::plan::Trigger;

    #[test]
    fn a_word_is_found_to_the_letter() {
        assert_eq!(Trigger::named("running"), Some(Trigger::Running));
        assert_eq!(Trigger::named("Running"), None);
        for (choice, word) in Trigger::ALL.iter().zip(Trigger::WORDS) {
            assert_eq!(choice.word(), *word);
        }
    }
}
