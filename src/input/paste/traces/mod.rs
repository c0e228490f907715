//! Traces: heads and bytes between other lines, as programs print them in their logs.
