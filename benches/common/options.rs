//! What can be said on the command line of a benchmark.

use std::env;
use std::time::Duration;

use super::Fallible;

/// How to measure, and what.
pub(crate) struct Options {
    /// How long one measurement takes, if that was said.
    pub(crate) time: Option<Duration>,
    /// How often everything is measured; the median counts.
    pub(crate) rounds: usize,
    /// The table as Markdown.
    pub(crate) markdown: bool,
    /// Only what bears one of these names; everything if there are none.
    pub(crate) names: Vec<String>,
}

impl Options {
    /// Reads the arguments; `None` if there is nothing to do, for `cargo test
    /// --all-targets` runs benchmarks too. Cargo says `--bench` when it means one; who
    /// starts the program without Cargo need not. Not every benchmark can say how long it
    /// takes.
    ///
    /// # Errors
    ///
    /// An unknown option, or one without its value.
    pub(crate) fn read(
        arguments: impl Iterator<Item = String>,
        takes_time: bool,
    ) -> Fallible<Option<Self>> {
        let mut options = Self {
            time: None,
            rounds: 5,
            markdown: false,
            names: Vec::new(),
        };
        let mut is_meant = env::var_os("CARGO").is_none();
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let missing = || format!("{argument} wants a value");
                arguments.next().ok_or_else(missing)
            };
            match argument.as_str() {
                "--seconds" if takes_time => {
                    options.time = Some(Duration::try_from_secs_f64(value()?.parse()?)?);
                }
                "--rounds" => options.rounds = value()?.parse::<usize>()?.max(1),
                "--markdown" => options.markdown = true,
                "--bench" => is_meant = true,
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
        Ok(is_meant.then_some(options))
    }

    /// Of these, those that are named; all if none of them is.
    pub(crate) fn select<T: Clone>(&self, all: &[T], names: impl Fn(&T) -> Vec<String>) -> Vec<T> {
        let is_named = |one: &&T| names(one).iter().any(|name| self.names.contains(name));
        let chosen: Vec<T> = all.iter().filter(is_named).cloned().collect();
        if chosen.is_empty() {
            all.to_vec()
        } else {
            chosen
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
