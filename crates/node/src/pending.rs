//! An answer that comes with the next commit: to be awaited by a server, or waited for by a command.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use anyhow::{Result, bail};
use tokio::sync::oneshot;

/// What a change will answer. Dropping it does not take the change back.
#[derive(Debug)]
#[must_use = "the change is made, but whether it is on disk is known only here"]
pub struct Pending<T>(oneshot::Receiver<Result<T>>);

impl<T> Pending<T> {
    pub(crate) fn new(answer: oneshot::Receiver<Result<T>>) -> Self {
        Self(answer)
    }

    /// Waits on this thread; not for the threads of an asynchronous server.
    ///
    /// # Errors
    /// What the change failed with; that the node was closed.
    pub fn wait(self) -> Result<T> {
        self.0.blocking_recv().unwrap_or_else(|_| closed())
    }
}

impl<T: Send + 'static> IntoFuture for Pending<T> {
    type Output = Result<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.0.await.unwrap_or_else(|_| closed()) })
    }
}

/// The commit that a change was part of could not be written: nothing of it was kept, and the same may succeed once there is room again.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unwritten(pub String);

/// Whether something failed because the node cannot write at present, whatever was asked of it: its disk is full or fails, or its folder
/// is gone. It goes on by itself once that is mended.
pub fn is_unwritten(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let of_disk = matches!(
            cause.downcast_ref(),
            Some(store::Error::DiskFull | store::Error::Disk(_))
        );
        of_disk || cause.is::<Unwritten>()
    })
}

fn closed<T>() -> Result<T> {
    bail!("the node has been closed; what was asked last was not done")
}
