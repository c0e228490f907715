//! Options that are declared only when their command is chosen, for a quick start.

use std::ops::Deref;

use clap::{ArgMatches, Args, Command, FromArgMatches, Id};

/// The arguments of a command. They are declared when the command is chosen, so that
/// `wsctl accept` does not wait for the declaration of the options of `serve`.
#[derive(Debug)]
pub struct LazyArgs<T>(Box<T>);

impl<T> Deref for LazyArgs<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Args> Args for LazyArgs<T> {
    fn group_id() -> Option<Id> {
        T::group_id()
    }

    fn augment_args(command: Command) -> Command {
        command.defer(declared::<T>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        command.defer(declared::<T>)
    }
}

impl<T: FromArgMatches> FromArgMatches for LazyArgs<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches(matches).map(|arguments| Self(Box::new(arguments)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// The command with its options. It keeps the description that it has.
fn declared<T: Args>(command: Command) -> Command {
    let about = command.get_about().cloned().unwrap_or_default();
    let long_about = command.get_long_about().cloned().unwrap_or_default();
    T::augment_args(command).about(about).long_about(long_about)
}
