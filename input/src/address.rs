//! Addresses of either version of IP, as numbers.

use core::net::IpAddr;

/// An address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// How many bits it has, by its version.
    pub bits: u32,
    /// Its number.
    pub number: u128,
}

impl Address {
    /// The address that a text is.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Some(match text.parse().ok()? {
            IpAddr::V4(of) => Self { bits: 32, number: of.to_bits().into() },
            IpAddr::V6(of) => Self { bits: 128, number: of.to_bits() },
        })
    }

    /// The bits of such an address behind its first so many, all set.
    #[must_use]
    pub const fn free(self, fixed: u32) -> u128 {
        match u128::MAX.checked_shr(128 - self.bits + fixed) {
            Some(free) => free,
            None => 0,
        }
    }
}
