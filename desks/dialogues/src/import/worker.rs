//! The thread that goes on with intakes while the node serves. Invariant: it ends between two files, and what it did stays done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use node::Node;

use super::intake::{Unpack, go_on, intakes};

/// How often there is a look at what somebody brought.
const BEAT: Duration = Duration::from_millis(700);

/// The thread; it ends when this is dropped.
#[derive(Debug)]
pub struct Worker {
    stop: Option<Sender<()>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts it, with a way to take the text out of a PDF or DOCX.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(node: &Node, unpack: Unpack) -> Result<Self> {
        let (stop, stopped) = channel::<()>();
        let ended = Arc::new(AtomicBool::new(false));
        let (node, over) = (node.clone(), Arc::clone(&ended));
        let work = move || {
            while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                if let Err(error) = beat(&node, unpack, &over) {
                    tracing::warn!(error = format!("{error:#}"), "dialogues.intake.failed");
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("intakes".to_owned())
            .spawn(work)
            .context("could not start reading files")?;
        Ok(Self {
            stop: Some(stop),
            ended,
            thread: Some(thread),
        })
    }
}

fn beat(node: &Node, unpack: Unpack, ended: &AtomicBool) -> Result<()> {
    for intake in intakes(node)?.iter().rev() {
        go_on(node, &intake.id, unpack, &|| ended.load(Ordering::Relaxed))?;
    }
    Ok(())
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
