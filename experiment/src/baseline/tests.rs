use super::*;
use crate::against::Became;
use std::time::Duration;
use windtunnel_input::files::NoFiles;
use windtunnel_sim::measure::Stored;

const HARM: &str = "blast_radius.requests_pct";
const ALL: f64 = against::ERROR;

/// Runs with these values of harm, all of 7 hours, and an outcome: halted below 4.
fn rows(harm: &[f64]) -> Rows {
    let names = [HARM, "agents.idle_h", "rollout.outcome", "time_to.recover_s"];
    let columns = names.map(|name| Column::named(name).expect("a name")).to_vec();
    let row = |value: &f64| {
        let word = if *value < 4.0 { "halted" } else { "completed" };
        vec![
            Stored::Number(*value),
            Stored::NotComputed("no agents".into()),
            Stored::Word(word.into()),
            if *value < 4.0 { Stored::Number(7.0) } else { Stored::AtLeast(60.5) },
        ]
    };
    let runs = harm.iter().map(row).collect();
    Rows { scenario: "s".into(), policy: "as-written".into(), first_seed: 1, columns, runs, took: Duration::ZERO }
}

fn baseline(harm: &[f64]) -> Baseline {
    let kept = Kept { simulated: "h".into(), rows: rows(harm) };
    Baseline {
        scenario: "s".into(),
        file: "../scenarios/s.yaml".into(),
        rulebook: MODEL_VERSION.into(),
        first_seed: 1,
        replications: harm.len(),
        expects: Vec::new(),
        policies: [("as-written".to_owned(), kept)].into(),
    }
}

/// One text, whatever file is asked for.
struct Text(String);

impl Files for Text {
    fn read(&self, _: &Path, _: u64) -> Result<Vec<u8>, Unreadable> {
        Ok(self.0.clone().into_bytes())
    }
}

fn read(text: &str) -> anyhow::Result<Option<Baseline>> {
    Baseline::read(&Text(text.to_owned()), Path::new("s.json"))
}

fn compare(was: &Baseline, now: &Rows, error: f64) -> Result<Compared, String> {
    was.compare(now, "h", (&Margins::default(), None), error)
}

/// What became of harm.
fn harm(was: &[f64], now: &[f64], error: f64) -> Became {
    let compared = compare(&baseline(was), &rows(now), error).expect("it can be compared");
    compared.rows.iter().find(|row| row.column.name == HARM).expect("it is kept").became
}

/// Five runs: 1 … 5 has mean 3 and half-width 1.963 (Student's t with 4 degrees: 2.776, sd √2.5, over √5).
#[test]
fn what_is_written_is_read_back_and_reads_well() {
    assert!(Baseline::read(&NoFiles, Path::new("s.json")).expect("absent is no error").is_none());
    let own = baseline(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    let text = own.text();
    let again = read(&text).expect("readable").expect("there");
    assert_eq!(again.text(), text);
    for line in [
        "\n        \"blast_radius.requests_pct\": \"3 % (1.04 to 4.96)\",\n",
        "\n        \"rollout.outcome\": \"completed ×2, halted ×3\",\n",
        "\n        \"time_to.recover_s\": \"open in 2 of 5 runs\"\n      },\n",
        "\n        \"agents.idle_h\": null,\n",
        "\n        \"blast_radius.requests_pct\": [1, 2, 3, 4, 5],\n",
        "\n        \"time_to.recover_s\": [7, 7, 7, { \"open\": 60.5 }, { \"open\": 60.5 }]\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let compared = compare(&again, &rows(&[1.0, 2.0, 3.0, 4.0, 5.0]), ALL).expect("it can be compared");
    assert!(compared.is_same && compared.rows.iter().all(|row| row.became == Became::Same));
    for broken in ["", "{}", "{ \"schemaVersion\": 3 }", "{ \"schemaVersion\": 3, \"policies\": 3 }"] {
        assert!(read(broken).is_err(), "{broken}");
    }
}

#[test]
fn every_bit_of_a_value_is_kept() {
    let odd = [0.1 + 0.2, 1.0 / 3.0, -0.0, 1e-300, 123_456_789_012_345_680.0, 5e-324];
    let again = read(&baseline(&odd).text()).expect("readable").expect("there");
    let rows = &again.policies["as-written"].rows;
    let values = rows.values(&Column::named(HARM).expect("a name")).expect("it is kept");
    let bits: Vec<u64> = values.iter().map(|value| value.number().expect("a number").to_bits()).collect();
    assert_eq!(bits, odd.map(f64::to_bits));
}

/// Eight of eight differences to one side come by chance in one of 256: surely worse where one verdict in a hundred may be wrong, and
/// not where one in a thousand may.
#[test]
fn what_is_surely_worse_depends_on_how_many_share_the_error() {
    let (was, now) = ([1.0; 8], [2.0; 8]);
    assert_eq!(harm(&was, &now, 0.01), Became::Worse);
    assert_eq!(harm(&was, &now, 0.001), Became::Unclear);
    assert_eq!(harm(&now, &was, 0.01), Became::Better);
    assert_eq!(harm(&was, &was, 0.01), Became::Same);
}

/// A value that was there and is not, or one that is open and was not, is ranked as the harm that it is.
#[test]
fn kinds_are_compared_by_harm() {
    let open = Column::named("time_to.recover_s").expect("a name");
    let became = |was: &[f64], now: &[f64]| {
        let compared = compare(&baseline(was), &rows(now), ALL).expect("it can be compared");
        compared.rows.iter().find(|row| row.column.name == open.name).expect("it is kept").became
    };
    // Ten of ten runs end, and then none does: 1 in 1,024 by chance.
    assert_eq!(became(&[1.0; 10], &[5.0; 10]), Became::Worse);
    assert_eq!(became(&[5.0; 10], &[1.0; 10]), Became::Better);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let was = baseline(&[1.0; 5]);
    let now = || rows(&[1.0; 5]);
    let why = |was: &Baseline, now: &Rows| compare(was, now, ALL).map(|_| ()).expect_err("it cannot be compared");
    assert_eq!(why(&was, &Rows { policy: "nobody".into(), ..now() }), "the baseline has no policy `nobody`");
    let other = Baseline { rulebook: "9".into(), ..was.clone() };
    assert_eq!(why(&other, &now()), format!("the baseline was made with rulebook 9, but this is {MODEL_VERSION}"));
    let late = Rows { first_seed: 6, ..now() };
    assert_eq!(why(&was, &late), "the baseline has the seeds 1 to 5, and none of 6 to 10");
    let mut more = now();
    more.columns[1] = Column::named("downtime.full_s").expect("a name");
    assert_eq!(why(&was, &more), "the baseline has no downtime.full_s");
    // Another plan is no obstacle, and is said.
    let compared = was.compare(&now(), "other", (&Margins::default(), None), ALL).expect("it is compared");
    assert!(!compared.is_same && compared.rows.iter().all(|row| row.became == Became::Same));
}

#[test]
fn what_people_read_follows_from_the_values() {
    let text = baseline(&[1.0, 2.0, 3.0, 4.0, 5.0]).text();
    for (from, to, place) in [
        ("3 % (1.04", "1 % (1.04", "policies.as-written.means.blast_radius.requests_pct"),
        ("[1, 2, 3, 4, 5]", "[1, 2, 3, 4, 6]", "policies.as-written.means.blast_radius.requests_pct"),
        ("\"firstSeed\": 1,", "\"firstSeed\": 1, \"note\": 1,", "note"),
    ] {
        assert_eq!(text.matches(from).count(), 1);
        let said = format!("{:#}", read(&text.replacen(from, to, 1)).expect_err("it is refused"));
        assert!(said.contains(&format!("`{place}` does not follow from the values in it")), "{said}");
    }
}
