//! Ctrl-C during long work: the first one asks it to stop where nothing is half done, the second ends the process.
//!
//! Invariant: whoever asked is heard at the next piece that is read or written; what was accepted before is told and kept.

use std::io::{self, Read, Write};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::Result;
use tokio::signal::unix::{SignalKind, signal};

/// What an interrupted read or write says. It crosses the control socket as text, and is known again by it.
pub(crate) const INTERRUPTED: &str = "interrupted by the operator";

/// Whether somebody has asked to stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens to SIGINT and SIGTERM from now on.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn listen(&self) -> Result<()> {
        let stop = self.clone();
        at_each_signal(move || {
            if stop.0.swap(true, Ordering::SeqCst) {
                process::exit(130);
            }
        })
    }

    /// Asks to stop.
    #[cfg(test)]
    pub(crate) fn ask(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn check(&self) -> io::Result<()> {
        match self.0.load(Ordering::SeqCst) {
            true => Err(io::Error::other(INTERRUPTED)),
            false => Ok(()),
        }
    }
}

/// Ends the process at SIGINT or SIGTERM from now on, after `first`.
///
/// # Errors
/// When the system refuses.
pub(super) fn exit_when_asked(first: impl Fn() + Send + 'static) -> Result<()> {
    at_each_signal(move || {
        first();
        process::exit(130);
    })
}

fn at_each_signal(act: impl Fn() + Send + 'static) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let (mut interrupt, mut terminate) = {
        let _inside = runtime.enter();
        (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        )
    };
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            runtime.block_on(async {
                loop {
                    tokio::select! {
                        _ = interrupt.recv() => {}
                        _ = terminate.recv() => {}
                    }
                    act();
                }
            });
        })?;
    Ok(())
}

/// Reads or writes until somebody asks to stop.
pub(super) struct Until<T>(pub(super) Stop, pub(super) T);

impl<T: Read> Read for Until<T> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.check()?;
        self.1.read(into)
    }
}

impl<T: Write> Write for Until<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.check()?;
        self.1.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.1.flush()
    }
}
