//! How soon it is said that nothing is there: at the next whole step after the question came, so that its time does not tell what was
//! looked up.
//!
//! Invariant: no answer that there is nothing for whoever asks leaves in the middle of a step; one that took longer waits for the next.
//! No thread waits, and what is found goes out at once. How many may wait is bounded by how many may ask at a time (`room`).

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;
use taxii::server::NothingHere;
use tokio::time::{Instant, sleep_until};

/// A step: much longer than it takes to find that nothing is there, and too short for a person to notice.
pub(super) const STEP: Duration = Duration::from_millis(20);

/// That an answer waited for the end of a step.
#[derive(Debug, Clone, Copy)]
struct Waited;

/// Answers, whatever it says, no sooner than may be.
pub(super) async fn unhurried<E>(
    answer: impl Future<Output = Result<Response, E>>,
) -> Result<Response, E> {
    let came = Instant::now();
    let mut answer = answer.await?;
    if says_nothing(&answer) {
        let steps = whole_steps(came.elapsed());
        answer.extensions_mut().insert(Waited);
        sleep_until(came + STEP * steps).await;
    }
    Ok(answer)
}

/// Whether it says that nothing, or not all that was asked for by name, is there.
fn says_nothing(answer: &Response) -> bool {
    answer.status() == StatusCode::NOT_FOUND || answer.extensions().get::<NothingHere>().is_some()
}

/// At the end of which step an answer goes out that took so long to make.
fn whole_steps(took: Duration) -> u32 {
    let begun = took.as_nanos() / STEP.as_nanos();
    u32::try_from(begun).map_or(u32::MAX / 1_000, |begun| begun.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    async fn answered(answer: Response) -> Response {
        let answer = unhurried(async { Ok::<_, Infallible>(answer) }).await;
        answer.unwrap()
    }

    fn with_status(status: StatusCode) -> Response {
        let mut answer = Response::default();
        *answer.status_mut() = status;
        answer
    }

    #[tokio::test]
    async fn what_says_that_nothing_is_there_waits_and_nothing_else_does() {
        let mut part = Response::default();
        part.extensions_mut().insert(NothingHere);
        for nothing in [with_status(StatusCode::NOT_FOUND), part] {
            assert!(
                answered(nothing)
                    .await
                    .extensions()
                    .get::<Waited>()
                    .is_some()
            );
        }
        for status in [
            StatusCode::OK,
            StatusCode::SEE_OTHER,
            StatusCode::UNAUTHORIZED,
            StatusCode::FORBIDDEN,
        ] {
            let answer = answered(with_status(status)).await;
            assert!(answer.extensions().get::<Waited>().is_none(), "{status}");
        }
    }

    #[test]
    fn an_answer_goes_out_at_the_end_of_the_step_in_which_it_was_made() {
        let micros = |micros| whole_steps(Duration::from_micros(micros));
        assert_eq!((micros(0), micros(512), micros(525)), (1, 1, 1));
        assert_eq!((micros(19_999), micros(20_000), micros(20_001)), (1, 2, 2));
        assert_eq!(micros(90_000), 5);
    }
}
