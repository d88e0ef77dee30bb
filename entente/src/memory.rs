//! How the process takes memory from the system. Invariant: it changes how much is kept, never what is done.

use std::os::unix::process::CommandExt;
use std::process::Command;

/// Settings of the C library's allocator, and what a node that serves sets them to.
///
/// One place that memory is taken from and given back to: otherwise each thread gets one of its own, up to eight for each processor, and
/// each keeps what its thread once needed; after many large answers twice as much. And blocks of 4 MiB and more by themselves, each given
/// back at once: otherwise the first one that is freed teaches the allocator to keep the next, and what a hundred passwords were checked
/// in stays taken.
const SETTINGS: [(&str, &str); 2] = [
    ("MALLOC_ARENA_MAX", "1"),
    ("MALLOC_MMAP_THRESHOLD_", "4194304"),
];

/// Lets a node that serves take memory so. The allocator reads its settings when a program begins, so the program begins anew, as the same
/// process; where it cannot, it goes on as it is. Whoever has set one of them has decided.
pub(crate) fn sparingly() {
    // Options may stand before the command.
    let serves = std::env::args_os().skip(1).any(|word| word == "serve");
    let mut unset = SETTINGS
        .into_iter()
        .filter(|(name, _)| std::env::var_os(name).is_none())
        .peekable();
    if !serves || unset.peek().is_none() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let name = std::env::args_os().next().unwrap_or_default();
        let arguments = std::env::args_os().skip(1);
        let _ = Command::new(program)
            .arg0(name)
            .args(arguments)
            .envs(unset)
            .exec();
    }
}
