//! What the operator decided: `DIR/config.toml`, and what the environment overrides in it.
//!
//! Invariant: the environment and the arguments are read in this package only, the environment here and by the command line.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use node::config::Config;

/// What the environment may set, as `--help` shows it. `ENTENTE_LOG` and `ENTENTE_LOG_FORMAT` are options of every command.
pub(crate) const ENVIRONMENT: &str = "\
Environment, which overrides DIR/config.toml:
  ENTENTE_LISTEN       where to listen, as 127.0.0.1:7117
  ENTENTE_ADDRESS      the address under which others reach this node, as https://node.example
  ENTENTE_PROXY        the proxy for calls to other nodes, as http://proxy.example:3128
  ENTENTE_LOG          how much to log: error, warn, info, debug, trace
  ENTENTE_LOG_FORMAT   how a line of the log looks: text, json";

/// The configuration of the node in `folder`, with the environment of this process.
pub(crate) fn load(folder: &Path) -> Result<Config> {
    let path = folder.join("config.toml");
    let text = fs::read_to_string(&path)
        .with_context(|| format!("{} could not be read", path.display()))?;
    let config =
        Config::parse(&text).with_context(|| format!("{} has to be corrected", path.display()))?;
    overridden(config, |name| std::env::var(name).ok())
}

fn overridden(mut config: Config, variable: impl Fn(&str) -> Option<String>) -> Result<Config> {
    // A variable that is set to nothing is not set.
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    if let Some(listen) = variable("ENTENTE_LISTEN") {
        config.listen = listen.parse().with_context(|| {
            format!("ENTENTE_LISTEN is {listen:?}; it is an address and a port, as 127.0.0.1:7117")
        })?;
    }
    if let Some(address) = variable("ENTENTE_ADDRESS") {
        config.address = Some(address);
    }
    if let Some(proxy) = variable("ENTENTE_PROXY") {
        config.proxy = Some(proxy);
    }
    config
        .check()
        .context("what ENTENTE_ADDRESS or ENTENTE_PROXY says has to be corrected")?;
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_goes_before_the_file() {
        let with = |variables: &'static [(&'static str, &'static str)]| {
            let config =
                Config::parse("listen = \"127.0.0.1:1\"\nproxy = \"http://file:1\"").unwrap();
            overridden(config, |name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(with(&[]).unwrap().listen.port(), 1);
        let set = with(&[("ENTENTE_LISTEN", "[::1]:2"), ("ENTENTE_PROXY", "")]).unwrap();
        assert_eq!(set.listen.to_string(), "[::1]:2");
        assert_eq!(set.proxy.as_deref(), Some("http://file:1"));
        let error = with(&[("ENTENTE_LISTEN", "everywhere")]).unwrap_err();
        assert!(error.to_string().contains("as 127.0.0.1:7117"));
        for name in ["ENTENTE_ADDRESS", "ENTENTE_PROXY"] {
            let config = overridden(Config::default(), |asked| {
                (asked == name).then(|| "elsewhere".to_owned())
            });
            let error = config.unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
