//! What must hold of the tables themselves.

use super::*;

/// How many rules each area of the written rulebook has.
const COUNTS: &[(Area, usize)] = &[
    (Area::OR, 21),
    (Area::FD, 15),
    (Area::PG, 5),
    (Area::ZN, 15),
    (Area::SI, 12),
    (Area::OP, 9),
    (Area::UM, 16),
    (Area::RU, 37),
    (Area::MS, 11),
    (Area::RS, 13),
    (Area::IX, 6),
    (Area::OS, 30),
    (Area::HD, 45),
    (Area::AR, 22),
    (Area::IP, 5),
    (Area::TN, 10),
    (Area::SB, 8),
    (Area::LC, 9),
    (Area::AL, 8),
    (Area::MT, 10),
    (Area::LB, 30),
    (Area::AG, 14),
    (Area::TM, 11),
    (Area::AFD, 7),
    (Area::VS, 16),
    (Area::AS, 29),
    (Area::PA, 9),
    (Area::SP, 19),
    (Area::SE, 21),
    (Area::GA, 25),
    (Area::IB, 21),
    (Area::EX, 9),
    (Area::OC, 24),
    (Area::DO, 9),
    (Area::IN, 4),
    (Area::DI, 19),
    (Area::CO, 10),
    (Area::WT, 21),
];

#[test]
fn every_area_has_all_its_rules() {
    let counted: Vec<_> = Area::ALL.iter().map(|area| (*area, area.rules().len())).collect();
    assert_eq!(counted, COUNTS);
    assert_eq!(RULES.len(), COUNTS.iter().map(|(_, count)| count).sum::<usize>());
}

#[test]
fn rules_are_sorted_and_found_by_id() {
    assert!(RULES.is_sorted_by(|a, b| a.id < b.id));
    for rule in RULES {
        assert_eq!(rule.id.rule().expect("its own row").id, rule.id);
        assert!(rule.id.area().rules().iter().any(|row| row.id == rule.id));
    }
    assert!(RuleId::new(Area::LB, 99).rule().is_none());
    assert!(RuleId::new(Area::HD, 18).rule().is_none(), "the rulebook leaves this number out");
}

#[test]
fn an_id_reads_back_as_it_is_shown() {
    for rule in RULES {
        assert_eq!(RuleId::parse(&rule.id.to_string()), Some(rule.id));
        assert_eq!(RuleId::parse(&rule.id.to_string().to_lowercase()), Some(rule.id));
    }
    assert_eq!(LB_05.to_string(), "LB-05");
    assert_eq!(RuleId::parse("AFD6"), Some(AFD_06));
    for wrong in ["", "LB", "LB-", "XX-01", "LB-300", "LB--5-", "05"] {
        assert_eq!(RuleId::parse(wrong), None, "{wrong:?}");
    }
}

#[test]
fn statements_are_clean_prose() {
    for rule in RULES {
        let text = rule.statement;
        assert!(text.ends_with('.') && !text.ends_with(".."), "{}: no full stop: {text}", rule.id);
        assert!(text.len() > 20 && text.len() < 700, "{}: {} bytes", rule.id, text.len());
        assert_eq!(text.matches('`').count() % 2, 0, "{}: an open backtick", rule.id);
        // Counted together, since a half-open interval opens with the one kind and closes with the other.
        assert_eq!(text.matches(['(', '[']).count(), text.matches([')', ']']).count(), "{}: {text}", rule.id);
        for mark in ["**", "  ", " · ", " .", "\n", "]("] {
            assert!(!text.contains(mark), "{}: holds {mark:?}: {text}", rule.id);
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    for rule in RULES {
        assert!(!rule.source.is_empty(), "{}", rule.id);
        for key in rule.source.split(", ") {
            let found = source(key).is_some() || RuleId::parse(key).is_some_and(|id| id.rule().is_some());
            assert!(found, "{}: no source {key:?}", rule.id);
        }
        for code in codes(rule.statement) {
            let rule_exists = RuleId::parse(code).is_some_and(|id| id.rule().is_some());
            assert!(rule_exists, "{}: {code} is nothing", rule.id);
        }
    }
    for key in ASSUMPTIONS.iter().flat_map(|row| codes(row.meaning).chain(codes(row.reason))) {
        let known = RuleId::parse(key).is_some_and(|id| id.rule().is_some());
        assert!(known, "{key}");
    }
}

/// What was recorded, when, and how often.
#[test]
fn a_recorded_rule_states_its_source_its_years_and_its_number() {
    let recorded: Vec<&Rule> = RULES.iter().filter(|rule| rule.confidence == Confidence::Recorded).collect();
    assert!(!recorded.is_empty());
    for rule in recorded {
        assert!(rule.source.split(", ").any(|key| key == "REC"), "{}: {}", rule.id, rule.source);
        let year = |word: &str| word.len() == 4 && word.starts_with("20") && word.chars().all(|c| c.is_ascii_digit());
        let words = rule.statement.split(|c: char| !c.is_ascii_alphanumeric());
        assert!(words.into_iter().any(year), "{} states no year", rule.id);
        assert!(rule.statement.contains("n = "), "{} states no number", rule.id);
    }
}

/// The words of a text that look like the id of a rule: `LB-05`.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| {
        word.split_once('-').is_some_and(|(letters, digits)| {
            letters.len() <= 3
                && letters.chars().all(|c| c.is_ascii_uppercase())
                && digits.len() == 2
                && digits.chars().all(|c| c.is_ascii_digit())
        })
    })
}

#[test]
fn sources_are_sorted_and_all_of_them_are_used() {
    assert!(SOURCES.is_sorted_by(|a, b| a.key < b.key));
    for source in SOURCES {
        let used = RULES.iter().any(|rule| rule.source.split(", ").any(|key| key == source.key));
        assert!(used, "no rule names {}", source.key);
        assert!(!source.title.is_empty() && !source.place.is_empty());
    }
}

#[test]
fn a_rule_that_is_followed_names_its_tests() {
    for rule in RULES {
        match rule.status {
            Status::Absent(reason) => {
                assert!(rule.tests.is_empty(), "{} is absent and names tests", rule.id);
                assert!(reason.ends_with('.') && reason.len() > 20, "{}: the reason is a sentence", rule.id);
            }
            Status::Exact => assert!(!rule.tests.is_empty(), "{} names no test", rule.id),
            Status::Approximated(deviation) => {
                assert!(!rule.tests.is_empty(), "{} names no test", rule.id);
                assert!(deviation.ends_with('.'), "{}: the deviation is a sentence", rule.id);
            }
        }
    }
}

#[test]
fn assumptions_are_whole() {
    let mut keys: Vec<_> = ASSUMPTIONS.iter().map(|row| row.key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), ASSUMPTIONS.len(), "a key stands twice");
    for (place, row) in ASSUMPTIONS.iter().enumerate() {
        assert_eq!(row.id as usize, place);
        assert_eq!(Assumption::by_key(row.key).expect("its own row").id, row.id);
        assert!(row.range.allows(row.default), "{}: the default {} is out of range", row.key, row.default);
        let (area, name) = row.key.split_once('.').expect("a key is area.name");
        for part in [area, name] {
            assert!(part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{}", row.key);
        }
        for text in [row.meaning, row.reason] {
            assert!(text.ends_with('.') || text.ends_with(".\""), "{}: {text}", row.key);
        }
    }
}

#[test]
fn each_key_reads_whatever_its_row_allows() {
    let mut values = Assumptions::default();
    assumption_table::read_all(&values);
    for row in ASSUMPTIONS {
        let Range::Words(words) = row.range else { continue };
        for word in words {
            values.set(row.id, Value::Choice(word)).expect("a word of the range");
            assumption_table::read_all(&values);
        }
    }
}

#[test]
fn a_value_is_held_to_its_range() {
    let mut values = Assumptions::default();
    values.set(A::LbSilentFailuresDown, Value::Count(1)).expect("within the range");
    assert_eq!(values.get(key::LbSilentFailuresDown), 1);
    assert_eq!(values.overridden().collect::<Vec<_>>(), [A::LbSilentFailuresDown]);

    let error = values.set(A::LbSilentFailuresDown, Value::Count(0)).expect_err("below the range");
    assert_eq!(error.to_string(), "`lb.silent_failures_down` cannot be 0: allowed is 1 to 10");
    let error = values.set(A::LbSilentFailuresDown, Value::Share(0.5)).expect_err("another kind");
    assert_eq!(error.to_string(), "`lb.silent_failures_down` is a count, not a share");
    assert_eq!(values.get(key::LbSilentFailuresDown), 1, "a refused value changes nothing");

    let word = A::AppCrashAnswer.row().range.word("silent").expect("a word of the range");
    values.set(A::AppCrashAnswer, Value::Choice(word)).expect("within the range");
    assert!(A::AppCrashAnswer.row().range.word("sometimes").is_none());
    values.set(A::SpotGroupCorrelation, Value::Share(f64::NAN)).expect_err("not a share");

    let backwards = crate::engine::random::Dist::Uniform {
        min: crate::engine::time::SimDuration::from_secs(2),
        max: crate::engine::time::SimDuration::from_secs(1),
    };
    values.set(A::VmssProvisionSpread, Value::Dist(backwards)).expect_err("the bounds are the wrong way round");
}

#[test]
fn values_read_well() {
    let shown = |assumption: A| assumption.row().default.to_string();
    assert_eq!(shown(A::LbPropagation), "PT5S");
    assert_eq!(shown(A::VmssOverprovisionShare), "20 %");
    assert_eq!(shown(A::VmBootLinux), "lognormal, median PT14S, σ 0.5; 1 % of them from PT5M to PT22M");
    assert_eq!(shown(A::VmssProvisionSpread), "uniform from PT0S to PT10S");
    let wait = "lognormal, median PT4M35S, σ 0.18; 4 % of them median PT5S, σ 0.8";
    assert_eq!(shown(A::ExtensionWindowsWait), wait);
    assert_eq!(A::AibQueue.row().range.to_string(), "a distribution within PT0S to PT6H");
    let recorded = "a distribution within PT0S to PT2H; recorded, and varied, PT8S to PT40S";
    assert_eq!(A::VmBootLinux.row().range.to_string(), recorded);
}

#[test]
fn used_assumptions_are_listed_once_in_order() {
    let mut used = Used::default();
    used.mark(A::FreezeNotice);
    used.mark(A::VmssProvision);
    used.mark(A::VmssProvision);
    let mut other = Used::default();
    other.mark(A::LbFlapWindow);
    used.merge(&other);
    assert_eq!(used.iter().collect::<Vec<_>>(), [A::VmssProvision, A::LbFlapWindow, A::FreezeNotice]);
    assert!(used.contains(A::FreezeNotice) && !used.contains(A::VmDelete));
}

/// Every rule is followed of what stands around scale sets: entry points, slots, Octopus and Azure DevOps.
#[test]
fn what_stands_around_scale_sets_is_followed() {
    let around = [Area::AG, Area::TM, Area::AFD, Area::VS, Area::EX, Area::OC, Area::DO];
    let is_absent = |rule: &&Rule| matches!(rule.status, Status::Absent(_));
    let rules = around.iter().flat_map(|area| area.rules()).filter(is_absent);
    assert_eq!(rules.map(|rule| rule.id).collect::<Vec<_>>(), []);
}
