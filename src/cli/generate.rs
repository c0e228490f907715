//! `wsctl generate`.

use clap::{Args, ValueEnum};

/// The words of `wsctl generate`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl generate bash > ~/.local/share/bash-completion/completions/wsctl
  wsctl generate fish > ~/.config/fish/completions/wsctl.fish
  wsctl generate man | man -l -

A folder that is not there yet must be made first: mkdir -p.")]
pub struct GenerateArgs {
    /// What to print.
    #[arg(value_enum)]
    pub page: GeneratedFile,
}

/// What can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GeneratedFile {
    /// Completions for bash.
    Bash,
    /// Completions for elvish.
    Elvish,
    /// Completions for fish.
    Fish,
    /// Completions for `PowerShell`.
    #[value(name = "powershell", help = "Completions for PowerShell")]
    PowerShell,
    /// Completions for zsh.
    Zsh,
    /// The man page.
    Man,
}
