//! The cells of every table that this program writes: CSV with LF line ends, that no spreadsheet runs.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula, whoever named the
//! policy in it. So a text that begins with one of these has a `'` before it, which a spreadsheet does not show; and so that
//! it can be taken off again, a text that begins with `'` has another one. Numbers stay numbers, `-0.5` too.

use std::borrow::Cow;
use std::io::{self, Write};

/// A table being written.
#[derive(Debug)]
pub struct Cells<W: Write>(csv::Writer<W>);

impl<W: Write> Cells<W> {
    /// Begins a table.
    pub fn new(out: W) -> Self {
        let lines = csv::Terminator::Any(b'\n');
        Self(csv::WriterBuilder::new().terminator(lines).has_headers(false).from_writer(out))
    }

    /// Writes a row.
    pub fn write_record<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> io::Result<()> {
        for cell in cells {
            self.0.write_field(inert(cell.as_ref()).as_ref())?;
        }
        Ok(self.0.write_record(None::<&[u8]>)?)
    }

    /// Writes what is not written yet.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A cell that is not run.
fn inert(cell: &str) -> Cow<'_, str> {
    match cell.as_bytes().first() {
        Some(b'-') if cell.parse::<f64>().is_ok_and(f64::is_finite) => Cow::Borrowed(cell),
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\'') => Cow::Owned(format!("'{cell}")),
        _ => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_not_run_and_numbers_stay_numbers() {
        for text in ["=cmd|x", "+1", "-2+3", "@SUM(1)", "\tx", "\r=1", "-", "'=1", "-inf", "-PT5M"] {
            assert_eq!(inert(text), format!("'{text}"));
        }
        for text in ["", "-0.5", "-1e-9", "12", "NA", "a=b", "as-written", "1+1", "-0"] {
            assert_eq!(inert(text), text);
        }
        let mut out = Vec::new();
        let mut cells = Cells::new(&mut out);
        cells.write_record(["=A1", "-3", "a,b"]).expect("memory takes everything");
        cells.flush().expect("memory takes everything");
        drop(cells);
        assert_eq!(out, b"'=A1,-3,\"a,b\"\n");
    }
}
