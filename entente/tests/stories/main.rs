//! Whole nodes, run by the real binary: each story is a promise to those who run one.

mod command_line;
mod deciding;
mod health;
mod import;
mod keeping;
mod peering;
mod people;
mod program;
mod register;
mod serving;
mod terminal;
mod wires;
