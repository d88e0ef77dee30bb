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
    // What this program makes is for whoever runs it, whatever else they are used to: keys, records, backups.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    memory::sparingly();
    commands::main()
}
