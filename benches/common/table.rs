//! A table of results, as aligned text or as Markdown.

use std::fmt;

/// Rows of cells under a heading. The first two columns are left-aligned names, the others
/// right-aligned numbers.
pub(crate) struct Table {
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
    is_markdown: bool,
}

/// How many columns are names.
const NAME_COLUMNS: usize = 2;

impl Table {
    pub(crate) fn new(heading: &[&str], is_markdown: bool) -> Self {
        Self {
            heading: heading.iter().map(ToString::to_string).collect(),
            rows: Vec::new(),
            is_markdown,
        }
    }

    pub(crate) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The width of each column: that of its longest cell.
    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| {
            let rows = self.rows.iter().chain([&self.heading]);
            let widths = rows.filter_map(|row| row.get(column).map(|cell| cell.chars().count()));
            widths.max().unwrap_or_default().max(3)
        };
        (0..self.heading.len()).map(width).collect()
    }

    fn write_row(
        &self,
        f: &mut fmt::Formatter<'_>,
        row: &[String],
        widths: &[usize],
    ) -> fmt::Result {
        let (start, between, end) = if self.is_markdown {
            ("| ", " | ", " |")
        } else {
            ("", "  ", "")
        };
        f.write_str(start)?;
        for (column, (cell, &width)) in row.iter().zip(widths).enumerate() {
            if column > 0 {
                f.write_str(between)?;
            }
            if column < NAME_COLUMNS {
                write!(f, "{cell:width$}")?;
            } else {
                write!(f, "{cell:>width$}")?;
            }
        }
        writeln!(f, "{end}")
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        self.write_row(f, &self.heading, &widths)?;
        if self.is_markdown {
            let rule = |(column, &width): (usize, &usize)| {
                let colon = if column < NAME_COLUMNS { "-" } else { ":" };
                format!("{}{colon}", "-".repeat(width - 1))
            };
            let rule: Vec<String> = widths.iter().enumerate().map(rule).collect();
            self.write_row(f, &rule, &widths)?;
        }
        for row in &self.rows {
            self.write_row(f, row, &widths)?;
        }
        Ok(())
    }
}

/// A number with a space between groups of three digits, as in 3 700 000.
pub(crate) fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
