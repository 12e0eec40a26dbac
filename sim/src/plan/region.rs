//! Regions: their zones, what is left of them, and how much of them a subscription may use.

/// A region: its zones and how many fault domains a regional set can be spread over.
#[derive(Clone, Debug)]
pub struct Region {
    /// `eastus`.
    pub name: String,
    /// Most fault domains a set in this region can have (FD-06).
    pub fault_domains: u8,
    /// In how many fault domains there is room; in all, if `None` (FD-03).
    pub domains_with_room: Option<u8>,
    /// How many instances each zone (index 0 is "no zone") can still take, by zone number; `None` for no limit.
    pub free: [Option<u32>; 4],
    /// How much the subscription may use in the region.
    pub quota: Quota,
}

/// How many cores a subscription may use in a region (AL-05); `None` for no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// Of all regular instances together: "Total Regional vCPUs".
    pub total: Option<u32>,
    /// Of the regular instances of a size family, each by its name as [`family`] gives it.
    pub families: Vec<(String, u32)>,
    /// Of all Spot instances together, whatever their size (SP-15).
    pub spot: Option<u32>,
}

/// The family of a size, without the number of cores: `Dasv5` of `Standard_D4as_v5`. Azure calls its quota
/// `standardDASv5Family`.
#[must_use]
pub fn family(size: &str) -> String {
    let mut parts = size.split('_');
    let first = parts.next().unwrap_or_default();
    let tier = ["standard", "basic"].iter().any(|tier| first.eq_ignore_ascii_case(tier));
    let series = if tier { parts.next().unwrap_or_default() } else { first };
    let is_count = |c: char| c.is_ascii_digit() || c == '-';
    let letters = series.split(is_count).next().unwrap_or_default();
    let features = series[letters.len()..].trim_start_matches(is_count);
    std::iter::once(letters).chain(std::iter::once(features)).chain(parts).collect()
}

/// Whether two names are of one family of sizes: `Dasv5`, or `standardDASv5Family`.
#[must_use]
pub fn same_family(one: &str, other: &str) -> bool {
    let bare = |name: &str| {
        let lower = name.to_ascii_lowercase();
        let inner = lower.strip_prefix("standard").and_then(|inner| inner.strip_suffix("family"));
        inner.unwrap_or(&lower).replace([' ', '_'], "")
    };
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_a_size_without_its_cores() {
        for (size, expected) in [
            ("Standard_D4as_v5", "Dasv5"),
            ("Standard_D16s_v3", "Dsv3"),
            ("Standard_B2ms", "Bms"),
            ("Standard_M8-2ms_v2", "Mmsv2"),
            ("Standard_NC24ads_A100_v4", "NCadsA100v4"),
            ("Standard_F4", "F"),
        ] {
            assert_eq!(family(size), expected);
        }
        assert!(same_family("standardDASv5Family", &family("Standard_D96as_v5")));
        assert!(!same_family("Dsv5", "Dasv5"));
    }
}
