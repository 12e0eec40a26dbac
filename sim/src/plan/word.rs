//! Choices that a file spells as words. The words of each are written once, in the order in which pages list them.

/// A choice that a file spells as one word.
pub trait Word: Copy + PartialEq + 'static {
    /// Every choice.
    const ALL: &'static [Self];
    /// Their words, in the same order.
    const WORDS: &'static [&'static str];

    /// The number of this choice in digests. A number is never used again.
    fn number(self) -> u8;

    /// Its word.
    fn spelled(self) -> &'static str;

    /// The choice with this word, to the letter.
    #[must_use]
    fn named(text: &str) -> Option<Self> {
        Self::WORDS.iter().position(|word| *word == text).map(|at| Self::ALL[at])
    }
}

/// Declares a choice with its words: `words! { pub enum Storage { StandardLrs => "Standard_LRS", StandardZrs => "Standard_ZRS" } }`;
/// and with its numbers, where digests or facts have them: `words! { pub enum Flows { Kept = 0 => "kept", Cut = 1 => "cut" } }`.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$of:meta])* $choice:ident $(= $number:literal)? => $word:expr),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum $name { $($(#[$of])* $choice $(= $number)?,)+ }

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

            #[inline]
            fn number(self) -> u8 {
                self as u8
            }

            fn spelled(self) -> &'static str {
                self.word()
            }
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
