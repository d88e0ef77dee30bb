//! The program: one node of Entente, and the commands to run it.

mod commands;
mod console;
mod control;
mod demo;
mod desks;
mod logging;
mod serve;
mod settings;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::main()
}
