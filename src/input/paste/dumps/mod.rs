//! Dumps: rows of an offset, bytes and their characters, as tools print them.

pub(super) mod bare_packets;
mod dump;
pub(super) mod format_hex;
pub(super) mod hexdump;
pub(super) mod hexyl;
pub(super) mod netty;
mod numbers;
pub(super) mod od;
mod packet;
mod packet_lines;
pub(super) mod packet_list;
mod row;
mod rows;
mod segments;

pub(super) use packet_lines::PacketLine;
pub(super) use row::{bytes_and_column, is_column_of};
pub(super) use rows::Rows;
