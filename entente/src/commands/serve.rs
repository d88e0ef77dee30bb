//! `entente serve`: the node at work, until it is told to stop.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use node::chance::SystemRandom;
use node::config::Config;
use node::folder::Folder;
use node::peers::Exchanging;
use node::{Jobs, Node};
use serde_json::json;
use site::SetUp;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::OnNode;
use crate::console::{Console, Exit, Terminal};
use crate::control::Control;
use crate::serve::listener::Listener;
use crate::serve::metrics::Metrics;
use crate::serve::pages::Pages;
use crate::serve::{router, tls};
use crate::settings;

/// How long requests and commands may take to end when the node stops.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serve a node: TAXII for programs and peers, a page for people, commands by the control socket.
///
/// Until set-up is done, each start prints a one-time code for it, and the node listens on this machine only, whatever its
/// configuration says. It stops on SIGTERM and SIGINT, when what is under way has ended.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  entente serve /var/lib/entente --listen 192.0.2.7:7117")]
pub(crate) struct Args {
    /// The node's folder.
    dir: PathBuf,
    /// Where to listen; goes before ENTENTE_LISTEN and config.toml.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Show the parts that pages are made of on /design, and offer two invented languages to test them.
    #[arg(long)]
    design: bool,
}

impl Args {
    pub(crate) fn run(self, terminal: &mut Terminal) -> Result<Exit> {
        let begun = Instant::now();
        Folder::open(&self.dir)?;
        let mut config = settings::load(&self.dir)?;
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        config.pages.design |= self.design;
        let node = super::open(&self.dir, config)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let served = runtime.block_on(async {
            let mut told = ToldToStop::new()?;
            let mut serving = Serving::start(&node).await?;
            let work = Work::start(&node, &serving)?;
            tracing::info!(start.seconds = begun.elapsed().as_secs_f64(), "serving");
            serving.announce(terminal)?;
            serving.until_told_to_stop(&mut told, terminal).await?;
            work.end(serving).await?;
            Ok(Exit::Done)
        });
        node.close();
        runtime.shutdown_timeout(PATIENCE);
        tracing::info!("stopped");
        served
    }
}

/// What a node does by itself while it serves: its jobs, the exchange with its peers, commands by the control socket.
pub(super) struct Work {
    jobs: Jobs,
    desks: dialogues::import::Worker,
    exchanging: Exchanging,
    control: Control,
}

impl Work {
    /// Begins it.
    pub(super) fn start(node: &Node, serving: &Serving) -> Result<Self> {
        let peers = taxii::wire::Peers::new(node.config().proxy.clone(), node.clock());
        Ok(Self {
            jobs: node.start_jobs()?,
            desks: crate::desks::work(node)?,
            exchanging: node.start_exchange(Arc::new(peers)),
            control: Control::open(&node.folder().control(), commands(node, &serving.pages))?,
        })
    }

    /// Ends it, and closes the doors in between: a command that runs may still need them.
    pub(super) async fn end(self, serving: Serving) -> Result<()> {
        let control = self.control;
        tokio::task::spawn_blocking(move || control.close(PATIENCE)).await?;
        drop(self.exchanging);
        serving.stop().await;
        drop(self.desks);
        drop(self.jobs);
        Ok(())
    }
}

/// Runs what comes over the control socket.
fn commands(node: &Node, pages: &Pages) -> Arc<crate::control::Handler> {
    let (node, pages) = (node.clone(), pages.clone());
    Arc::new(move |command, console| {
        let command: OnNode = serde_json::from_value(command).context(
            "the serving node is another version and does not know this command; restart it",
        )?;
        match command.run_serving(&node, &pages, console) {
            Some(ended) => ended,
            None => command.run(&node, console),
        }
    })
}

/// The node's doors, and who may close them.
pub(super) struct Serving {
    config: Config,
    folder: Folder,
    participant: String,
    set_up: Arc<SetUp>,
    metrics: Arc<Metrics>,
    router: axum::Router,
    pages: Pages,
    /// The first is the one that the operator chose, once set-up is done.
    doors: Vec<Door>,
}

/// The signals that end a process which serves; heard from the moment that this is made.
pub(super) struct ToldToStop {
    interrupt: Signal,
    terminate: Signal,
}

impl ToldToStop {
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for one.
    pub(super) async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// One listener at work.
struct Door {
    at: String,
    /// What was asked for; its port may be 0.
    asked: SocketAddr,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    served: JoinHandle<()>,
}

impl Serving {
    /// Opens the doors of a node.
    pub(super) async fn start(node: &Node) -> Result<Self> {
        let config = node.config().clone();
        let metrics = Metrics::new();
        let set_up = SetUp::of(node, &mut SystemRandom::new()?)?;
        let router = router::of(node, &set_up, &metrics);
        let mut serving = Self {
            participant: node.home().name.clone(),
            config,
            folder: node.folder().clone(),
            set_up,
            metrics,
            router,
            pages: Pages::new(String::new()),
            doors: Vec::new(),
        };
        serving.open_doors().await?;
        Ok(serving)
    }

    /// Where it listens.
    pub(super) fn at(&self) -> &str {
        self.doors.first().map_or("", |door| &door.at)
    }

    /// Where people open its pages.
    pub(super) fn pages(&self) -> String {
        self.pages.at()
    }

    /// Opens the doors that are wanted and closes the others first: both may want the same port.
    async fn open_doors(&mut self) -> Result<()> {
        let wanted = addresses(self.config.listen, self.set_up.is_done());
        for mut door in self
            .doors
            .extract_if(.., |door| !wanted.contains(&door.asked))
        {
            door.close().await;
        }
        for asked in &wanted {
            if !self.doors.iter().any(|door| door.asked == *asked) {
                let door = Door::open(
                    *asked,
                    &self.config,
                    &self.folder,
                    &self.router,
                    &self.metrics,
                );
                self.doors.push(door.await?);
            }
        }
        self.doors
            .sort_by_key(|door| wanted.iter().position(|asked| *asked == door.asked));
        if let Some(door) = self.doors.last() {
            let scheme = door.at.split("://").next().unwrap_or_default();
            self.pages.move_to(for_people(scheme, door.address));
        }
        Ok(())
    }

    fn announce(&self, terminal: &mut Terminal) -> Result<()> {
        let code = self.set_up.code();
        if terminal.wants_json() {
            return terminal.document(json!({ "listening": self.at(), "set_up_code": code }));
        }
        terminal.line(&format!(
            "The node of {} serves at {}",
            self.participant,
            self.at()
        ))?;
        let Some(code) = code else {
            return terminal.line(&format!(
                "Sign in at {}/sign-in; `entente user recover` lets somebody in who has lost the way.",
                self.pages.at()
            ));
        };
        terminal.line("")?;
        terminal.line(&format!("Set-up code: {code}"))?;
        terminal.line(&format!(
            "Open {}/setup on this machine and enter it; it works until set-up is done.",
            self.pages.at()
        ))?;
        if addresses(self.config.listen, true) != addresses(self.config.listen, false) {
            terminal.line(&format!(
                "Until then the node listens on this machine only; afterwards at {}.",
                self.config.listen
            ))?;
        }
        Ok(())
    }

    /// Waits for a signal; meanwhile, when set-up is done, moves to the address that the operator chose.
    async fn until_told_to_stop(
        &mut self,
        told: &mut ToldToStop,
        terminal: &mut Terminal,
    ) -> Result<()> {
        if !self.set_up.is_done() {
            tokio::select! {
                () = told.wait() => return Ok(()),
                () = self.set_up.wait() => {}
            }
            self.open_doors().await?;
            terminal.note(&format!("Set-up is done. The node serves at {}", self.at()))?;
        }
        told.wait().await;
        Ok(())
    }

    /// Closes the doors, when what is under way has ended.
    pub(super) async fn stop(self) {
        // Together: each has its time for what is under way.
        let closing: Vec<_> = self
            .doors
            .into_iter()
            .map(|mut door| tokio::spawn(async move { door.close().await }))
            .collect();
        for door in closing {
            let _ = door.await;
        }
    }
}

impl Door {
    async fn open(
        asked: SocketAddr,
        config: &Config,
        folder: &Folder,
        router: &axum::Router,
        metrics: &Arc<Metrics>,
    ) -> Result<Self> {
        let tls = tls::server(&config.tls, asked, folder)?;
        let listener = Listener::bind(asked, tls, router.clone(), Arc::clone(metrics))
            .await
            .with_context(|| format!("could not listen at {asked}; is something else there? Choose another with --listen"))?;
        let address = listener.address()?;
        let at = format!("{}://{address}", listener.scheme());
        let (stop, stopped) = watch::channel(false);
        let served = tokio::spawn(listener.serve(stopped, PATIENCE));
        Ok(Self {
            at,
            asked,
            address,
            stop,
            served,
        })
    }

    async fn close(&mut self) {
        let _ = self.stop.send(true);
        let _ = (&mut self.served).await;
    }
}

/// The address of the pages on this machine. A browser makes passkeys for a name, never for a bare address.
pub(super) fn for_people(scheme: &str, listen: SocketAddr) -> String {
    let here = on_this_machine(listen);
    if here.ip() == IpAddr::V4(Ipv4Addr::LOCALHOST) {
        format!("{scheme}://localhost:{}", here.port())
    } else {
        format!("{scheme}://{here}")
    }
}

/// Where to listen: before set-up on this machine only, afterwards where the operator chose and on this machine besides.
fn addresses(listen: SocketAddr, set_up: bool) -> Vec<SocketAddr> {
    let here = on_this_machine(listen);
    if !set_up {
        return vec![here];
    }
    // One socket is enough where it hears this machine as well; a port that the system chooses would be another one here.
    if listen == here || listen.ip().to_canonical().is_unspecified() || listen.port() == 0 {
        return vec![listen];
    }
    vec![listen, here]
}

/// The same port, reachable from this machine only.
fn on_this_machine(listen: SocketAddr) -> SocketAddr {
    let ip = listen.ip().to_canonical();
    if ip.is_loopback() {
        return listen;
    }
    let loopback: IpAddr = if ip.is_ipv6() {
        Ipv6Addr::LOCALHOST.into()
    } else {
        Ipv4Addr::LOCALHOST.into()
    };
    SocketAddr::new(loopback, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_set_up_this_machine_still_reaches_it() {
        for (listen, after) in [
            ("127.0.0.1:7117", &["127.0.0.1:7117"][..]),
            ("0.0.0.0:443", &["0.0.0.0:443"]),
            ("[::]:443", &["[::]:443"]),
            ("192.0.2.7:7117", &["192.0.2.7:7117", "127.0.0.1:7117"]),
            ("[2001:db8::7]:7117", &["[2001:db8::7]:7117", "[::1]:7117"]),
            ("192.0.2.7:0", &["192.0.2.7:0"]),
        ] {
            let after: Vec<SocketAddr> = after.iter().map(|one| one.parse().unwrap()).collect();
            assert_eq!(addresses(listen.parse().unwrap(), true), after);
        }
    }

    #[test]
    fn before_set_up_only_this_machine_is_listened_to() {
        for (listen, before) in [
            ("127.0.0.1:7117", "127.0.0.1:7117"),
            ("127.0.0.5:7117", "127.0.0.5:7117"),
            ("0.0.0.0:443", "127.0.0.1:443"),
            ("192.0.2.7:7117", "127.0.0.1:7117"),
            ("[::]:7117", "[::1]:7117"),
            ("[2001:db8::7]:7117", "[::1]:7117"),
        ] {
            let before: SocketAddr = before.parse().unwrap();
            assert_eq!(addresses(listen.parse().unwrap(), false), [before]);
        }
    }
}
