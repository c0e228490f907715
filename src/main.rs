//! The `wsctl` program.

fn main() {}
