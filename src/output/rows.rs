//! Rows under their headings, in as many columns as the terminal has room for.

use anstyle::Style;
use windtunnel_words::text::{DIM, columns, cut, paint};

const GAP: usize = 2;

/// One cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) style: Style,
}

pub(crate) fn plain(text: impl Into<String>) -> Cell {
    styled(text, Style::new())
}

pub(crate) fn styled(text: impl Into<String>, style: Style) -> Cell {
    Cell { text: text.into(), style }
}

/// A column: what stands above it, how soon it is left out where there is no room (never for 0), and whether it is set to the right.
pub(crate) struct Heading {
    text: &'static str,
    dispensable: u8,
    right: bool,
}

impl Heading {
    /// What stands above the column.
    pub(crate) const fn text(&self) -> &'static str {
        self.text
    }

    pub(crate) const fn left(text: &'static str, dispensable: u8) -> Self {
        Self { text, dispensable, right: false }
    }

    pub(crate) const fn right(text: &'static str, dispensable: u8) -> Self {
        Self { text, dispensable, right: true }
    }
}

/// The lines of a table, with colours or without, and which of its columns they show. A row of one cell goes across the others.
pub(crate) fn lay(
    headings: &[Heading],
    rows: &[Vec<Cell>],
    width: usize,
    has_colour: bool,
) -> (Vec<String>, Vec<usize>) {
    let wide = |at: usize| {
        let cells = rows.iter().filter(|row| row.len() > 1).map(|row| columns(&row[at].text));
        cells.max().unwrap_or(0).max(columns(headings[at].text))
    };
    let mut shown: Vec<usize> = (0..headings.len()).collect();
    let total = |shown: &[usize]| shown.iter().map(|&at| wide(at) + GAP).sum::<usize>() - GAP;
    while total(&shown) > width {
        let Some(most) = shown.iter().copied().max_by_key(|&at| headings[at].dispensable) else { break };
        if headings[most].dispensable == 0 {
            break;
        }
        shown.retain(|&at| at != most);
    }
    // Where even that is too wide, the names give way.
    let over = total(&shown).saturating_sub(width);
    let room = |at: usize| if at == 0 { wide(0).saturating_sub(over).max(8) } else { wide(at) };
    let line = |cell: &dyn Fn(usize) -> Cell| {
        let mut line = String::new();
        for &at in &shown {
            let Cell { text, style } = cell(at);
            let text = if at == 0 { cut(&text, room(0)) } else { text };
            let pad = " ".repeat(room(at).saturating_sub(columns(&text)));
            let painted = if style == Style::new() || !has_colour { text } else { paint(style, &text) };
            line += &if headings[at].right { pad + &painted } else { painted + &pad };
            line += "  ";
        }
        line.trim_end().to_owned()
    };
    let mut lines = vec![line(&|at| styled(headings[at].text, DIM))];
    lines.extend(rows.iter().map(|row| match &row[..] {
        [across] => cut(&across.text, width),
        cells => line(&|at| cells[at].clone()),
    }));
    (lines, shown)
}
