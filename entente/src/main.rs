//! The program: one node of Entente, and the commands to run it.

mod commands;
mod console;
mod control;
mod demo;
mod desks;
mod logging;
mod memory;
mod serve;
mod settings;

use std::process::ExitCode;

fn main() -> ExitCode {
    memory::in_one_place();
    commands::main()
}
