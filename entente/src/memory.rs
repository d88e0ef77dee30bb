//! How the process takes memory from the system. Invariant: it changes how much is kept, never what is done.

use std::os::unix::process::CommandExt;
use std::process::Command;

/// The setting of the C library's allocator: how many places memory is taken from and given back to.
const PLACES: &str = "MALLOC_ARENA_MAX";

/// Lets a node that serves take all memory from one place. Otherwise each of its threads gets one of its own, up to eight for each processor, and
/// each keeps what its thread once needed: after many large answers twice as much. The allocator reads its setting when a program begins,
/// so the program begins anew, as the same process; where it cannot, it goes on as it is. Whoever has set it has decided.
pub(crate) fn in_one_place() {
    // Options may stand before the command.
    let serves = std::env::args_os().skip(1).any(|word| word == "serve");
    if !serves || std::env::var_os(PLACES).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let name = std::env::args_os().next().unwrap_or_default();
        let arguments = std::env::args_os().skip(1);
        let _ = Command::new(program)
            .arg0(name)
            .args(arguments)
            .env(PLACES, "1")
            .exec();
    }
}
