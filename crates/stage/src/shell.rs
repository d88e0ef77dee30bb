//! What a shell makes of a line of a manual, so that what a reader pastes is what is tried.

use std::process::Command;

/// The words that `curl` gets of a line, with these variables set.
///
/// # Panics
/// When the shell cannot read the line, or it calls something else.
pub fn words(line: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let told = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{line}");
    let mut shell = Command::new("sh");
    let shell = shell.args(["-euc", &told]).env_clear();
    let told = shell.envs(variables.iter().copied()).output().unwrap();
    let faults = String::from_utf8_lossy(&told.stderr);
    assert!(
        told.status.success() && faults.is_empty(),
        "{line}: {faults}"
    );
    let words = String::from_utf8(told.stdout).unwrap();
    words.split_terminator('\0').map(str::to_owned).collect()
}
