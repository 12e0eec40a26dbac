//! Near misses and lists, for messages.

use std::collections::BTreeSet;

/// How many slips of the finger lie between a word and a candidate, whatever their case: letters that are missing, too many, wrong,
/// or in the place of their neighbour. `None` for more than two, or for more than a third of the word: from three on, two names of
/// one table are as near to each other as a typo is to either.
fn slips(word: &str, candidate: &str) -> Option<usize> {
    let letters = word.chars().count();
    let most = (letters / 3).clamp(1, 2);
    // Who is longer or shorter by more letters differs by more.
    if candidate.chars().count().abs_diff(letters) > most {
        return None;
    }
    let slips = strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
    (slips <= most).then_some(slips)
}

/// The candidate that `word` was probably meant to be: the same but for case, or a letter or two away.
#[must_use]
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates = candidates.into_iter().filter(|candidate| *candidate != word);
    let near = candidates.filter_map(|candidate| Some((slips(word, candidate)?, candidate)));
    near.min_by_key(|(slips, _)| *slips).map(|(_, candidate)| candidate)
}

/// At most three candidates that may have been meant, the nearest first: a letter or two away, or cut short. Of those that are
/// equally near the first.
#[must_use]
pub fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let lower = word.to_lowercase();
    let is_cut = |candidate: &str| lower.chars().count() > 2 && candidate.to_lowercase().starts_with(&lower);
    let near = |candidate| slips(word, candidate).or_else(|| is_cut(candidate).then_some(usize::MAX));
    let mut near: Vec<_> = candidates.into_iter().filter_map(|candidate| Some((near(candidate)?, candidate))).collect();
    near.sort_by_key(|(slips, _)| *slips);
    let mut names: Vec<&str> = near.into_iter().map(|(_, candidate)| candidate).collect();
    names.dedup();
    names.truncate(3);
    names
}

/// Ends an error message with what may have been meant: `; did you mean LB-05, LB-06 or LB-07?`.
#[must_use]
pub fn or_meant(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        [first @ .., last] => format!("; did you mean {} or {last}?", first.join(", ")),
    }
}

/// A help line with the candidate that `word` was probably meant to be.
#[must_use]
pub fn meant<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    did_you_mean(word, candidates).map(|near| format!("did you mean `{near}`?"))
}

/// A help line for an unknown word: the near miss if there is one, and otherwise what there is, each once.
#[must_use]
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut seen = BTreeSet::new();
    let candidates: Vec<&str> = candidates.into_iter().filter(|word| seen.insert(*word)).collect();
    if let Some(near) = meant(word, candidates.iter().copied()) {
        return Some(near);
    }
    match candidates.len() {
        0 => None,
        1..=16 => Some(format!("there is {}", words(&candidates))),
        _ => None,
    }
}

/// `a`, `b` and `c`.
#[must_use]
pub fn words(list: &[&str]) -> String {
    let ticked: Vec<String> = list.iter().map(|word| format!("`{word}`")).collect();
    match ticked.as_slice() {
        [] => "nothing".into(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_or_two_is_a_typo_and_three_are_another_name() {
        assert_eq!(did_you_mean("capcity", ["name", "capacity"]), Some("capacity"));
        assert_eq!(did_you_mean("cuont", ["count"]), Some("count"), "two letters that changed places are one slip");
        assert_eq!(did_you_mean("networkProfile", ["networkInterface", "storageProfile"]), None);
        assert_eq!(did_you_mean("ab", ["cd"]), None);
    }

    #[test]
    fn near_names_come_in_order() {
        assert_eq!(near("lb.propagaton", ["vm.boot", "lb.propagation"]), ["lb.propagation"]);
        assert_eq!(near("vmss-web3", ["vmss-web_0", "vmss-app", "vmss-web"]), ["vmss-web", "vmss-web_0"]);
        assert_eq!(near("lb.prop", ["vm.boot", "lb.propagation"]), ["lb.propagation"], "what is cut short");
        assert_eq!(or_meant(&["a", "b", "c"]), "; did you mean a, b or c?");
        assert_eq!(or_meant(&[]), "");
    }
}
