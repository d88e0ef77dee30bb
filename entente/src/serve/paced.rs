//! A request's body that has to keep coming: one that drips holds its connection for a while, and no longer.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

/// How long a body may pause.
const PAUSE: Duration = Duration::from_secs(20);
/// How long a body may take as a whole: 10 MiB at the speed of an old telephone line for data.
const WHOLE: Duration = Duration::from_secs(600);

/// See the module.
pub(crate) struct Paced<B = Incoming> {
    body: B,
    end: Instant,
    pause: Option<Pin<Box<Sleep>>>,
}

/// The sender was too slow.
#[derive(Debug, thiserror::Error)]
#[error("the rest of the request did not come in time")]
pub(crate) struct TooSlow;

impl<B> Paced<B> {
    pub(crate) fn new(body: B) -> Self {
        Self {
            body,
            end: Instant::now() + WHOLE,
            pause: None,
        }
    }
}

impl<B> Body for Paced<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let paced = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut paced.body).poll_frame(cx) {
            paced.pause = None;
            if frame.is_some() && Instant::now() > paced.end {
                return Poll::Ready(Some(Err(TooSlow.into())));
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let pause = paced.pause.get_or_insert_with(|| Box::pin(sleep(PAUSE)));
        pause.as_mut().poll(cx).map(|()| Some(Err(TooSlow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
