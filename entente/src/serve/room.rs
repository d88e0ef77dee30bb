//! Who is connected, and who has to go when there is no room for one more.
//!
//! Invariant: a newcomer gets in. Whoever holds a connection without asking for anything goes first, then whoever asked longest ago, and
//! only then somebody who is being answered.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::Body as Answer;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Room for so many connections.
pub(super) struct Room {
    places: Arc<Semaphore>,
    people: Mutex<People>,
}

#[derive(Default)]
struct People {
    /// Counts what happens, so that "longest ago" is told without a clock.
    now: u64,
    there: HashMap<u64, Standing>,
}

struct Standing {
    /// Requests that are being answered.
    answering: usize,
    asked: bool,
    since: u64,
    leave: Arc<Notify>,
}

/// A connection's place, free again when this is dropped.
pub(super) struct Place {
    room: Arc<Room>,
    number: u64,
    leave: Arc<Notify>,
    _permit: OwnedSemaphorePermit,
}

/// A request of a connection, until its answer is written.
pub(super) struct Asked {
    room: Arc<Room>,
    number: u64,
}

/// An answer that counts as being written until its last byte was taken.
struct Written {
    answer: Answer,
    _asked: Asked,
}

impl Room {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            places: Arc::new(Semaphore::new(most)),
            people: Mutex::default(),
        })
    }

    fn people(&self) -> MutexGuard<'_, People> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a newcomer; when all are taken, somebody is asked to leave.
    pub(super) async fn enter(self: &Arc<Self>) -> Option<Place> {
        let permit = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                self.make_room();
                Arc::clone(&self.places).acquire_owned().await.ok()?
            }
        };
        let leave = Arc::new(Notify::new());
        let mut people = self.people();
        people.now += 1;
        let number = people.now;
        let standing = Standing {
            answering: 0,
            asked: false,
            since: number,
            leave: Arc::clone(&leave),
        };
        people.there.insert(number, standing);
        Some(Place {
            room: Arc::clone(self),
            number,
            leave,
            _permit: permit,
        })
    }

    fn make_room(&self) {
        let people = self.people();
        let first = |one: &&Standing| (one.answering > 0, one.asked, one.since);
        if let Some(one) = people.there.values().min_by_key(first) {
            tracing::debug!("there is no room for one more connection; the idlest is closed");
            one.leave.notify_one();
        }
    }
}

impl Place {
    /// Waits until this connection has to go.
    pub(super) fn told_to_leave(&self) -> impl Future<Output = ()> + Send + use<> {
        let leave = Arc::clone(&self.leave);
        async move { leave.notified().await }
    }

    /// Tells, request by request, that this connection is of use.
    pub(super) fn asker(&self) -> impl Fn() -> Asked + Clone + Send + use<> {
        let (room, number) = (Arc::clone(&self.room), self.number);
        move || {
            let mut people = room.people();
            people.now += 1;
            let now = people.now;
            if let Some(one) = people.there.get_mut(&number) {
                one.answering += 1;
                one.asked = true;
                one.since = now;
            }
            drop(people);
            Asked {
                room: Arc::clone(&room),
                number,
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.people().there.remove(&self.number);
    }
}

impl Asked {
    /// Stays with the answer until it is written.
    pub(super) fn until_written(self, answer: Answer) -> Answer {
        Answer::new(Written {
            answer,
            _asked: self,
        })
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if let Some(one) = self.room.people().there.get_mut(&self.number) {
            one.answering = one.answering.saturating_sub(1);
        }
    }
}

impl Body for Written {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.answer).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.answer.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.answer.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_never_asked_goes_first_then_who_asked_longest_ago_then_who_is_answered() {
        let room = Room::new(4);
        let mut places = Vec::new();
        for _ in 0..4 {
            places.push(room.enter().await.unwrap());
        }
        let answered = places[0].asker()();
        drop(places[1].asker()());
        drop(places[3].asker()());
        for expected in [2, 1, 3, 0] {
            room.make_room();
            let told: Vec<usize> = (0..4).filter(|at| told(&places[*at])).collect();
            assert_eq!(told, [expected]);
            // As the end of its connection would.
            room.people().there.remove(&places[expected].number);
        }
        drop(answered);
    }

    /// Whether it was told to leave since this was asked.
    fn told(place: &Place) -> bool {
        let mut told = std::pin::pin!(place.told_to_leave());
        let mut cx = Context::from_waker(std::task::Waker::noop());
        told.as_mut().poll(&mut cx).is_ready()
    }
}
