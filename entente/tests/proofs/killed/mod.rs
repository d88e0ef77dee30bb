//! kill -9 at any moment: what was acknowledged is there, once, in an order that no poller misses anything of.

mod commands;
mod serve;
mod store;

use std::path::Path;
use std::time::{Duration, Instant};

use node::keeping::verify::{Ask, verify};

/// Lets some time pass without giving the processor away: a kill may then fall between any two instructions of the other side.
fn spin(time: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < time {
        std::hint::spin_loop();
    }
}

/// The log verifies from the folder as the killed process left it: nothing has opened and mended it since.
fn log_verifies(node: &Path) -> Result<u64, String> {
    let report =
        verify(node, &Ask::default(), &mut |_| ()).map_err(|error| format!("{error:#}"))?;
    if report.findings.is_empty() {
        Ok(report.leaves)
    } else {
        Err(format!("the log does not verify: {:?}", report.findings))
    }
}
