//! Connections: accepted, limited, given to the router, and let finish when the node stops.
//!
//! Invariant: nobody holds a connection for nothing. A handshake, a request's head and the pauses inside its body have their time, and
//! whoever holds one idly makes room for a newcomer.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::metrics::Metrics;
use super::paced::Paced;
use super::refusals::Refusals;
use super::room::{Place, Room};
use super::unhurried::unhurried;

/// Connections at a time; one more, and the idlest is closed.
const MOST_CONNECTIONS: usize = 1024;
/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a request's head may take, and how long a connection may be idle before it.
const HEAD: Duration = Duration::from_secs(30);
/// How long to wait when the system has no room for a connection.
const BREATH: Duration = Duration::from_millis(200);

/// One door of the node.
pub(crate) struct Listener {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    metrics: Arc<Metrics>,
    room: Arc<Room>,
    refusals: Arc<Refusals>,
}

impl Listener {
    /// Binds the address; without `tls` it speaks HTTP.
    pub(crate) async fn bind(
        address: SocketAddr,
        tls: Option<Arc<ServerConfig>>,
        router: Router,
        metrics: Arc<Metrics>,
    ) -> io::Result<Self> {
        Ok(Self {
            tcp: TcpListener::bind(address).await?,
            tls: tls.map(TlsAcceptor::from),
            router,
            metrics,
            room: Room::new(MOST_CONNECTIONS),
            refusals: Arc::default(),
        })
    }

    /// Where it listens, with the port that the system chose for port 0.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// `http` or `https`.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Serves until `stop` says so, then gives the requests that run `patience` to end.
    pub(crate) async fn serve(self, mut stop: watch::Receiver<bool>, patience: Duration) {
        let graceful = GracefulShutdown::new();
        let mut stopped = pin!(async move {
            // A sender that is gone means the same.
            let _ = stop.wait_for(|stop| *stop).await;
        });
        loop {
            let accepted = tokio::select! {
                () = &mut stopped => break,
                accepted = self.tcp.accept() => accepted,
            };
            match accepted {
                Ok((stream, from)) => tokio::select! {
                    () = &mut stopped => break,
                    place = self.room.enter() => match place {
                        Some(place) => self.admit(stream, from, place, graceful.watcher()),
                        None => break,
                    },
                },
                Err(error) => {
                    tracing::warn!(
                        error = error.to_string(),
                        "a connection could not be accepted"
                    );
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
        drop(self.tcp);
        if tokio::time::timeout(patience, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("requests that did not end were cut off");
        }
    }

    fn admit(&self, stream: TcpStream, from: SocketAddr, place: Place, watcher: Watcher) {
        let (router, metrics, tls) = (
            self.router.clone(),
            Arc::clone(&self.metrics),
            self.tls.clone(),
        );
        let refusals = Arc::clone(&self.refusals);
        tokio::spawn(async move {
            let _open = metrics.connection();
            // Pages are written in one piece each; waiting to fill packets only delays their last one.
            let _ = stream.set_nodelay(true);
            let conversation = async {
                match tls {
                    None => converse(stream, from, false, router, &place, watcher).await,
                    Some(tls) => match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                        Ok(Ok(stream)) => {
                            converse(stream, from, true, router, &place, watcher).await;
                        }
                        Ok(Err(error)) => refusals.note(&error),
                        Err(_) => tracing::debug!("a handshake took too long"),
                    },
                }
            };
            tokio::select! {
                () = conversation => {}
                () = place.told_to_leave() => {}
            }
        });
    }
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    from: SocketAddr,
    over_tls: bool,
    router: Router,
    place: &Place,
    watcher: Watcher,
) {
    let router = TowerToHyperService::new(router);
    let asks = place.asker();
    let service = service_fn(move |mut request: Request<Incoming>| {
        let asked = asks();
        request.extensions_mut().insert(ConnectInfo(from));
        if over_tls {
            request.extensions_mut().insert(site::OverTls);
        }
        let answered = unhurried(router.call(request.map(Paced::new)));
        async move {
            let answer = answered.await?;
            Ok::<_, Infallible>(answer.map(|body| asked.until_written(body)))
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(HEAD))
        .keep_alive_timeout(HANDSHAKE)
        .max_concurrent_streams(64);
    let connection = builder
        .serve_connection(TokioIo::new(stream), service)
        .into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(error = error.to_string(), "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::super::unhurried::STEP;
    use super::*;

    #[tokio::test]
    async fn who_asks_is_answered_however_many_hold_connections_and_ask_nothing() {
        let router = Router::new().route("/", axum::routing::get(|| async { "here" }));
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let bound = Listener::bind(loopback, None, router, Metrics::new()).await;
        let mut listener = bound.unwrap();
        listener.room = Room::new(8);
        let address = listener.address().unwrap();
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(listener.serve(stopped, Duration::from_secs(1)));
        let mut silent = Vec::new();
        for number in 0..40 {
            let mut one = TcpStream::connect(address).await.unwrap();
            if number % 2 == 0 {
                one.write_all(b"GET / HTTP/1.1\r\nHost: here\r\n")
                    .await
                    .unwrap();
            }
            silent.push(one);
        }
        let asks = async {
            let mut one = TcpStream::connect(address).await.unwrap();
            let question = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
            one.write_all(question).await.unwrap();
            let mut answer = String::new();
            one.read_to_string(&mut answer).await.unwrap();
            answer
        };
        // Less than the time that a silent connection may have.
        let answer = tokio::time::timeout(HEAD / 2, asks).await.unwrap();
        assert!(answer.ends_with("here"), "{answer}");
        assert!(answer.contains("content-length: 4"), "{answer}");
        stop.send(true).unwrap();
        drop(silent);
        serving.await.unwrap();
    }

    #[tokio::test]
    async fn nothing_there_is_said_at_the_end_of_a_step() {
        let router = Router::new().route("/here", axum::routing::get(|| async { "here" }));
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let bound = Listener::bind(loopback, None, router, Metrics::new()).await;
        let listener = bound.unwrap();
        let address = listener.address().unwrap();
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(listener.serve(stopped, Duration::from_secs(1)));
        let asked = tokio::time::Instant::now();
        let mut one = TcpStream::connect(address).await.unwrap();
        let question = b"GET /there HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
        one.write_all(question).await.unwrap();
        let mut answer = String::new();
        one.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
        // A sleep ends late at times, and never early.
        assert!(asked.elapsed() >= STEP);
        stop.send(true).unwrap();
        serving.await.unwrap();
    }
}
