//! The command line of a benchmark.

use std::env;
use std::time::Duration;

use super::Fallible;

/// The options and names that were given.
pub(crate) struct Options {
    /// `--seconds`: how long one measurement takes.
    pub(crate) time: Option<Duration>,
    /// `--rounds`: how often each measurement is repeated.
    pub(crate) rounds: usize,
    /// `--markdown`: whether to print the tables as Markdown.
    pub(crate) is_markdown: bool,
    /// Names of scenarios and programs to measure; all of them if empty.
    pub(crate) names: Vec<String>,
}

impl Options {
    /// Reads the arguments. `--seconds` is accepted only if `takes_time`.
    ///
    /// Returns `None` if nothing is to be measured: `cargo test --all-targets` runs the
    /// benchmarks too, and only `cargo bench` passes `--bench`. Without Cargo, `--bench` is
    /// not required.
    ///
    /// # Errors
    ///
    /// An unknown option, or an option without a valid value.
    pub(crate) fn read(
        mut arguments: impl Iterator<Item = String>,
        takes_time: bool,
    ) -> Fallible<Option<Self>> {
        let mut options = Self {
            time: None,
            rounds: 5,
            is_markdown: false,
            names: Vec::new(),
        };
        let mut is_bench = env::var_os("CARGO").is_none();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let missing = || format!("{argument} needs a value");
                arguments.next().ok_or_else(missing)
            };
            match argument.as_str() {
                "--seconds" if takes_time => {
                    options.time = Some(Duration::try_from_secs_f64(value()?.parse()?)?);
                }
                "--rounds" => options.rounds = value()?.parse::<usize>()?.max(1),
                "--markdown" => options.is_markdown = true,
                "--bench" => is_bench = true,
                "--test" => return Ok(None),
                option if option.starts_with('-') => {
                    let seconds = if takes_time { "--seconds, " } else { "" };
                    return Err(format!(
                        "expected {seconds}--rounds, --markdown or names, found {option}"
                    )
                    .into());
                }
                name => options.names.push(name.to_owned()),
            }
        }
        Ok(is_bench.then_some(options))
    }

    /// The members of `all` that are named on the command line; `all` if none of them is.
    pub(crate) fn select<T: Clone>(
        &self,
        all: &[T],
        names_of: impl Fn(&T) -> Vec<String>,
    ) -> Vec<T> {
        let is_named = |item: &&T| names_of(item).iter().any(|name| self.names.contains(name));
        let named: Vec<T> = all.iter().filter(is_named).cloned().collect();
        if named.is_empty() {
            all.to_vec()
        } else {
            named
        }
    }

    /// Checks that each given name is one of `known`.
    ///
    /// # Errors
    ///
    /// A name that is not.
    pub(crate) fn check_names(&self, known: &[String]) -> Fallible<()> {
        match self.names.iter().find(|name| !known.contains(name)) {
            Some(name) => Err(format!("expected one of {}, found {name}", known.join(" ")).into()),
            None => Ok(()),
        }
    }
}
