//! What can be said on the command line of a benchmark.

use std::time::Duration;

use super::Fallible;

/// How to measure, and what.
pub(crate) struct Options {
    /// How long one measurement takes, its warm-up apart.
    pub(crate) seconds: Duration,
    /// How often everything is measured; the median counts.
    pub(crate) rounds: usize,
    /// The table as Markdown.
    pub(crate) markdown: bool,
    /// Only what bears one of these names; everything if there are none.
    pub(crate) names: Vec<String>,
}

impl Options {
    /// Reads the arguments; `None` if there is nothing to do, for `cargo test` runs
    /// benchmarks too, with `--test`.
    ///
    /// # Errors
    ///
    /// An unknown option, or one without its value.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Fallible<Option<Self>> {
        let mut options = Self {
            seconds: Duration::from_secs(1),
            rounds: 5,
            markdown: false,
            names: Vec::new(),
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let missing = || format!("{argument} wants a value");
                arguments.next().ok_or_else(missing)
            };
            match argument.as_str() {
                "--seconds" => options.seconds = Duration::try_from_secs_f64(value()?.parse()?)?,
                "--rounds" => options.rounds = value()?.parse::<usize>()?.max(1),
                "--markdown" => options.markdown = true,
                // Cargo says so.
                "--bench" => {}
                "--test" => return Ok(None),
                option if option.starts_with('-') => {
                    return Err(format!(
                        "expected --seconds, --rounds, --markdown or names, found {option}"
                    )
                    .into());
                }
                name => options.names.push(name.to_owned()),
            }
        }
        Ok(Some(options))
    }

    /// Of these, those that are named; all if none of them is.
    pub(crate) fn select<T: Clone>(&self, all: &[T], names: impl Fn(&T) -> Vec<String>) -> Vec<T> {
        let is_named = |one: &&T| names(one).iter().any(|name| self.names.contains(name));
        let named: Vec<T> = all.iter().filter(is_named).cloned().collect();
        if named.is_empty() {
            all.to_vec()
        } else {
            named
        }
    }

    /// Complains about a name that is none of these.
    ///
    /// # Errors
    ///
    /// The name, and those that would have been known.
    pub(crate) fn check_names(&self, known: &[String]) -> Fallible<()> {
        match self.names.iter().find(|name| !known.contains(name)) {
            Some(name) => Err(format!("{name} is none of {}", known.join(" ")).into()),
            None => Ok(()),
        }
    }
}
