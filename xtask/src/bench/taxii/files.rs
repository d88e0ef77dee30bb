//! nginx, which gives files as fast as this machine can: open files and their sizes remembered, no log.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::bench::process::Server;
use crate::program::output;

/// Where it listens.
pub(super) const AT: &str = "127.0.0.1:7472";

pub(super) fn start(folder: &Path) -> Result<Server> {
    let root = folder.to_string_lossy();
    let config: PathBuf = folder.join("nginx.conf");
    fs::write(
        &config,
        format!(
            "daemon off; worker_processes 2; pid {root}/nginx.pid; error_log {root}/nginx.log;\n\
             events {{ worker_connections 1024; }}\n\
             http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;\n\
             open_file_cache max=18500 inactive=1h; open_file_cache_valid 1h;\n\
             types {{ application/taxii+json json; }}\n\
             client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3; uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;\n\
             server {{ listen {AT}; root {root}/www; }} }}\n"
        ),
    )?;
    let mut command = Command::new("/usr/sbin/nginx");
    command
        .args(["-p", &root, "-c"])
        .arg(&config)
        .stderr(Stdio::null());
    if runs_as_root() {
        command.args(["-g", "user root;"]);
    }
    Server::start(&mut command, AT)
}

/// Whether nginx would give up root's rights and then not read our files.
fn runs_as_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
