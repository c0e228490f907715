//! The arguments of `wsctl generate`.

use clap::{Args, ValueEnum};

/// The arguments of `wsctl generate`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl generate bash > ~/.local/share/bash-completion/completions/wsctl
  wsctl generate fish > ~/.config/fish/completions/wsctl.fish
  wsctl generate man | man -l -

The folder must exist: mkdir -p makes it. `wsctl completions SHELL` and
`wsctl man` print the same.")]
pub struct GenerateArgs {
    /// The file to generate.
    #[arg(value_enum)]
    pub file: GeneratedFile,
}

/// A file that can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GeneratedFile {
    /// The completions for bash.
    Bash,
    /// The completions for elvish.
    Elvish,
    /// The completions for fish.
    Fish,
    /// The completions for `PowerShell`.
    #[value(name = "powershell", help = "The completions for PowerShell")]
    PowerShell,
    /// The completions for zsh.
    Zsh,
    /// The man page.
    Man,
}
