//! A table, for a terminal or for a README.

use std::fmt;

/// Lines of cells under a heading; the first two columns are words, the others numbers.
pub(crate) struct Table {
    heading: Vec<String>,
    lines: Vec<Vec<String>>,
    is_markdown: bool,
}

/// How many columns are words.
const WORDS: usize = 2;

impl Table {
    pub(crate) fn new(heading: &[&str], is_markdown: bool) -> Self {
        Self {
            heading: heading.iter().map(ToString::to_string).collect(),
            lines: Vec::new(),
            is_markdown,
        }
    }

    pub(crate) fn push(&mut self, line: Vec<String>) {
        self.lines.push(line);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The width of each column.
    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| {
            let cells = self.lines.iter().chain([&self.heading]);
            let widths = cells.filter_map(|line| line.get(column).map(|cell| cell.chars().count()));
            widths.max().unwrap_or_default().max(3)
        };
        (0..self.heading.len()).map(width).collect()
    }

    fn print(&self, f: &mut fmt::Formatter<'_>, line: &[String], widths: &[usize]) -> fmt::Result {
        let (start, between, end) = if self.is_markdown {
            ("| ", " | ", " |")
        } else {
            ("", "  ", "")
        };
        f.write_str(start)?;
        for (column, (cell, &width)) in line.iter().zip(widths).enumerate() {
            if column > 0 {
                f.write_str(between)?;
            }
            if column < WORDS {
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
        self.print(f, &self.heading, &widths)?;
        if self.is_markdown {
            let rule = |(column, &width): (usize, &usize)| {
                let colon = if column < WORDS { "-" } else { ":" };
                format!("{}{colon}", "-".repeat(width - 1))
            };
            let rule: Vec<String> = widths.iter().enumerate().map(rule).collect();
            self.print(f, &rule, &widths)?;
        }
        for line in &self.lines {
            self.print(f, line, &widths)?;
        }
        Ok(())
    }
}

/// A number with its thousands apart, as in 3 700 000.
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
