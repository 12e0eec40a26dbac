//! The values of many runs: a row a run, a column a measure.
//!
//! Statistics need every value, since a quantile is one of them; they need nothing else of a run. So a value takes eight
//! bytes, one that was still open eight more, and none where it is the same in all of a thousand runs, as most measures of
//! most scenarios are. Words, and why there is no number, are kept once. That is the bound on the memory of `compare` and
//! `test`: eight bytes a run and measure, sixteen where every run is open, whatever the runs did.

use windtunnel_sim::measure::{Seen, Stored};

/// Rows that are kept together.
const ROWS: usize = 1024;
/// A code of something that is no number: not a number itself, and no arithmetic has these bits.
const TEXT: u64 = 0x7ffc_0000_0000_0000;
const OPEN: u64 = 0xfffc_0000_0000_0000;
const KIND: u64 = 0xffff_0000_0000_0000;

/// The values of many runs.
#[derive(Clone, Debug, Default)]
pub struct Table {
    chunks: Vec<Option<Box<Chunk>>>,
    /// Words, and reasons why there is no number, each once.
    texts: Vec<Stored>,
    rows: usize,
    /// Rows from the first on that are all there.
    whole: usize,
}

/// Some rows, one after the other.
#[derive(Clone, Debug)]
struct Chunk {
    here: [u64; ROWS / 64],
    looped: [u64; ROWS / 64],
    columns: Vec<Cells>,
    /// What open values had come to.
    open: Vec<f64>,
}

/// The codes of a column in a chunk.
#[derive(Clone, Debug)]
enum Cells {
    /// The same in every row that is there.
    Same(u64),
    Each(Box<[u64]>),
}

impl Cells {
    fn get(&self, row: usize) -> u64 {
        match self {
            Self::Same(code) => *code,
            Self::Each(codes) => codes[row],
        }
    }

    fn set(&mut self, row: usize, code: u64) {
        match self {
            Self::Same(known) if *known == code => {}
            Self::Same(known) => {
                let mut codes = vec![*known; ROWS].into_boxed_slice();
                codes[row] = code;
                *self = Self::Each(codes);
            }
            Self::Each(codes) => codes[row] = code,
        }
    }
}

fn has(bits: &[u64], row: usize) -> bool {
    bits[row / 64] >> (row % 64) & 1 == 1
}

fn mark(bits: &mut [u64], row: usize, on: bool) {
    let bit = 1 << (row % 64);
    bits[row / 64] = if on { bits[row / 64] | bit } else { bits[row / 64] & !bit };
}

impl Table {
    /// Puts the values of a run into its row; `looped` where it was stopped since controllers undid each other without end.
    ///
    /// # Panics
    ///
    /// It has more or fewer values than the other rows.
    pub fn put(&mut self, row: usize, values: &[Stored], looped: bool) {
        let (place, within) = (row / ROWS, row % ROWS);
        if self.chunks.len() <= place {
            self.chunks.resize_with(place + 1, || None);
        }
        let chunk = self.chunks[place].get_or_insert_with(|| Chunk::new(values.len()));
        assert_eq!(chunk.columns.len(), values.len(), "every row has a value a column");
        let first = chunk.here.iter().all(|bits| *bits == 0);
        for (at, value) in values.iter().enumerate() {
            let code = code(value, &mut chunk.open, &mut self.texts);
            match first {
                true => chunk.columns[at] = Cells::Same(code),
                false => chunk.columns[at].set(within, code),
            }
        }
        self.rows += usize::from(!has(&chunk.here, within));
        mark(&mut chunk.here, within, true);
        mark(&mut chunk.looped, within, looped);
        while self.has(self.whole) {
            self.whole += 1;
        }
    }

    /// Whether a row is there.
    #[must_use]
    pub fn has(&self, row: usize) -> bool {
        self.chunk(row).is_some_and(|chunk| has(&chunk.here, row % ROWS))
    }

    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// How many rows there are from the first on without a gap.
    #[must_use]
    pub const fn whole(&self) -> usize {
        self.whole
    }

    /// In how many runs controllers undid each other without end.
    #[must_use]
    pub fn looped(&self) -> usize {
        let chunks = self.chunks.iter().flatten();
        chunks.flat_map(|chunk| chunk.looped).map(|bits| bits.count_ones() as usize).sum()
    }

    /// A value; `None` where the row is not there.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> Option<Seen<'_>> {
        let chunk = self.chunk(row).filter(|chunk| has(&chunk.here, row % ROWS))?;
        Some(self.seen(chunk, chunk.columns.get(column)?.get(row % ROWS)))
    }

    /// A column over the rows from the first on that are all there.
    #[must_use]
    pub const fn column(&self, at: usize) -> Values<'_> {
        Values { of: Of::Table(self, at), from: 0, rows: self.whole }
    }

    fn chunk(&self, row: usize) -> Option<&Chunk> {
        self.chunks.get(row / ROWS)?.as_deref()
    }

    fn seen<'t>(&'t self, chunk: &'t Chunk, code: u64) -> Seen<'t> {
        let index = (code & !KIND) as usize;
        match code & KIND {
            TEXT => self.texts[index].seen(),
            OPEN => Seen::AtLeast(chunk.open[index]),
            _ => Seen::Number(f64::from_bits(code)),
        }
    }
}

impl Chunk {
    fn new(width: usize) -> Box<Self> {
        let none = [0; ROWS / 64];
        Box::new(Self { here: none, looped: none, columns: vec![Cells::Same(0); width], open: Vec::new() })
    }
}

/// The code of a value. What it is not a number with is never NaN: [`Stored::of`] sees to that, and a number that is not
/// finite is not computed here either.
fn code(value: &Stored, open: &mut Vec<f64>, texts: &mut Vec<Stored>) -> u64 {
    match value {
        Stored::Number(number) if number.is_finite() => number.to_bits(),
        Stored::AtLeast(least) if least.is_finite() => {
            if open.last().is_none_or(|last| last.to_bits() != least.to_bits()) {
                open.push(*least);
            }
            OPEN | (open.len() - 1) as u64
        }
        Stored::Number(_) | Stored::AtLeast(_) => {
            code(&Stored::NotComputed("it is not a finite number".into()), open, texts)
        }
        Stored::Word(_) | Stored::NotComputed(_) => {
            let known = texts.iter().position(|known| known == value);
            let at = known.unwrap_or_else(|| {
                texts.push(value.clone());
                texts.len() - 1
            });
            TEXT | at as u64
        }
    }
}

impl<V: AsRef<[Stored]>> FromIterator<V> for Table {
    fn from_iter<I: IntoIterator<Item = V>>(rows: I) -> Self {
        let mut table = Self::default();
        for (row, values) in rows.into_iter().enumerate() {
            table.put(row, values.as_ref(), false);
        }
        table
    }
}

/// A column: its values by row.
#[derive(Clone, Copy, Debug)]
pub struct Values<'t> {
    of: Of<'t>,
    /// The row of the first of them.
    from: usize,
    rows: usize,
}

#[derive(Clone, Copy, Debug)]
enum Of<'t> {
    Table(&'t Table, usize),
    Same(Seen<'t>),
}

impl<'t> Values<'t> {
    /// The same value in every row.
    #[must_use]
    pub const fn same(value: Seen<'t>, rows: usize) -> Self {
        Self { of: Of::Same(value), from: 0, rows }
    }

    /// At most so many of them, from the first on.
    #[must_use]
    pub fn first(self, rows: usize) -> Self {
        Self { rows: self.rows.min(rows), ..self }
    }

    /// At most so many of them, behind the first so many.
    #[must_use]
    pub fn part(self, skipped: usize, rows: usize) -> Self {
        let skipped = skipped.min(self.rows);
        Self { from: self.from + skipped, rows: (self.rows - skipped).min(rows), ..self }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The value of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<Seen<'t>> {
        if row >= self.rows {
            return None;
        }
        match self.of {
            Of::Table(table, column) => table.get(self.from + row, column),
            Of::Same(value) => Some(value),
        }
    }

    /// All of them in order.
    #[must_use]
    pub fn iter(&self) -> Iter<'t> {
        Iter { values: *self, row: 0 }
    }
}

impl<'t> IntoIterator for Values<'t> {
    type Item = Seen<'t>;
    type IntoIter = Iter<'t>;

    fn into_iter(self) -> Iter<'t> {
        self.iter()
    }
}

impl<'t> IntoIterator for &Values<'t> {
    type Item = Seen<'t>;
    type IntoIter = Iter<'t>;

    fn into_iter(self) -> Iter<'t> {
        self.iter()
    }
}

/// The values of a column in order.
#[derive(Clone, Debug)]
pub struct Iter<'t> {
    values: Values<'t>,
    row: usize,
}

impl<'t> Iterator for Iter<'t> {
    type Item = Seen<'t>;

    fn next(&mut self) -> Option<Seen<'t>> {
        let value = self.values.get(self.row)?;
        self.row += 1;
        Some(value)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.values.rows - self.row;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Iter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn observed() -> impl Strategy<Value = Stored> {
        prop_oneof![
            4 => any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(Stored::Number),
            2 => Just(Stored::Number(0.0)),
            1 => Just(Stored::Number(-0.0)),
            2 => any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(Stored::AtLeast),
            1 => Just(Stored::AtLeast(7.0)),
            1 => "[a-c]".prop_map(|word| Stored::Word(word.into())),
            1 => "[a-c]".prop_map(|why| Stored::NotComputed(why.into())),
        ]
    }

    fn alike(one: Seen<'_>, other: &Stored) -> bool {
        match (one, other) {
            (Seen::Number(a), Stored::Number(b)) | (Seen::AtLeast(a), Stored::AtLeast(b)) => a.to_bits() == b.to_bits(),
            (one, other) => one == other.seen(),
        }
    }

    proptest! {
        /// Whatever the values and in whatever order they come, what is read is what was put, bit by bit.
        #[test]
        fn what_is_put_is_read(
            rows in prop::collection::vec((0_usize..3000, prop::collection::vec(observed(), 3)), 1..60)
        ) {
            let mut table = Table::default();
            let mut kept = std::collections::BTreeMap::new();
            for (row, values) in &rows {
                table.put(*row, values, *row % 3 == 0);
                kept.insert(*row, values);
            }
            prop_assert_eq!(table.rows(), kept.len());
            prop_assert_eq!(table.looped(), kept.keys().filter(|row| *row % 3 == 0).count());
            prop_assert_eq!(table.whole(), (0..).take_while(|row| kept.contains_key(row)).count());
            for row in 0..3100 {
                prop_assert_eq!(table.has(row), kept.contains_key(&row));
                for column in 0..3 {
                    match (table.get(row, column), kept.get(&row)) {
                        (Some(seen), Some(values)) => prop_assert!(alike(seen, &values[column])),
                        (None, None) => {}
                        other => prop_assert!(false, "{:?}", other),
                    }
                }
            }
        }
    }

    /// The bound that the documentation names: 8 bytes a value, 16 where it is open, nothing where all are the same.
    #[test]
    fn a_value_takes_eight_bytes_and_one_that_is_the_same_none() {
        let bytes = |value: fn(usize) -> Stored| {
            let table: Table = (0..ROWS * 4).map(|row| [value(row)]).collect();
            let of = |chunk: &Chunk| {
                let each = chunk.columns.iter().filter(|cells| matches!(cells, Cells::Each(_))).count();
                8 * (each * ROWS + chunk.open.len())
            };
            table.chunks.iter().flatten().map(|chunk| of(chunk)).sum::<usize>() / (ROWS * 4)
        };
        assert_eq!(bytes(|row| Stored::Number(row as f64)), 8);
        assert_eq!(bytes(|row| Stored::AtLeast(row as f64)), 16);
        assert_eq!(bytes(|_| Stored::Number(0.0)), 0);
        assert_eq!(bytes(|_| Stored::NotComputed("no users".into())), 0);
        assert_eq!(bytes(|_| Stored::AtLeast(60.0)), 0);
        assert_eq!(bytes(|row| Stored::Word(if row % 2 == 0 { "halted" } else { "completed" }.into())), 8);
    }
}
