//! What would have prevented an incident, as Markdown.

use super::{NAMED, Sheet};
use crate::experiment::prevent::Worth;
use crate::output::markdown::{cell, fenced, rows};

/// The page.
#[must_use]
pub fn page(sheet: &Sheet<'_>) -> String {
    let mut out = format!("## What would have prevented: {}\n\n{}.\n\n", cell(sheet.title), cell(&sheet.finding()));
    if !sheet.is_unharmed() {
        out += &table(sheet);
        out += &last(sheet);
        out += &rest(sheet);
    }
    out += &sheet.about().iter().map(|said| format!("- {}\n", cell(said))).collect::<String>();
    out + "\n" + &fenced(sheet.command)
}

/// What helps, with its price and what it does beside.
#[must_use]
pub fn table(sheet: &Sheet<'_>) -> String {
    let money = sheet.found.tried.iter().any(|tried| tried.credits.is_some());
    let mut head: Vec<String> =
        ["change", "harmed", "less", "good rollout", "instance hours"].map(str::to_owned).to_vec();
    head.extend(money.then(|| "credits".to_owned()));
    head.push("side effects".to_owned());
    let mut own = vec![String::new(); head.len()];
    (own[0], own[1]) = ("as it was".to_owned(), sheet.share(&sheet.found.standing));
    let mut all = vec![head, own];
    let shown = |worth: Worth| worth.helps() || matches!(worth, Worth::Undecided | Worth::Worse);
    all.extend(sheet.of(shown).map(|(tried, effects)| {
        let word = match tried.worth {
            Worth::Undecided => " (undecided)",
            Worth::Worse => " (worse)",
            _ => "",
        };
        let mut row = vec![
            format!("{}{word}", tried.change.title),
            sheet.share(&tried.standing),
            sheet.removed(tried),
            sheet.longer(tried),
            sheet.hours(tried),
        ];
        row.extend(money.then(|| sheet.credits(tried).unwrap_or_else(|| "–".to_owned())));
        row.push(effects.join("; "));
        row
    }));
    rows(&all) + "\n"
}

fn last(sheet: &Sheet<'_>) -> String {
    let Some(lead) = sheet.lead() else { return String::new() };
    format!("**The last moment.** {}: {}.\n\n", cell(&lead), cell(&sheet.last().join(". ")))
}

fn rest(sheet: &Sheet<'_>) -> String {
    let little: Vec<&str> =
        sheet.of(|worth| worth == Worth::Little).map(|(one, _)| one.change.title.as_str()).collect();
    let mut out = String::new();
    if !little.is_empty() {
        let more = little.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let names = little.iter().take(NAMED).copied().collect::<Vec<_>>().join("; ");
        out += &format!("- No help, or little: {}{more}.\n", cell(&names));
    }
    for (tried, _) in sheet.of(|worth| worth == Worth::Barred) {
        let why = tried.barred.as_deref().unwrap_or("not known");
        out += &format!("- Not advised: {}, since {}.\n", cell(&tried.change.title), cell(why));
    }
    for (policy, path) in &sheet.found.incidents {
        out += &format!("- Not tried: the policy {} changes the incident ({}).\n", cell(policy), cell(path));
    }
    out
}
