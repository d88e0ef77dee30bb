//! Real data that is too large to keep beside the code: found by `ENTENTE_SHARED` or in a `shared` folder above this one.

use std::path::PathBuf;

/// The bytes of `data/<name>`, or `None` and a loud line.
pub(crate) fn data(name: &str) -> Option<Vec<u8>> {
    let above = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared"));
    let found = std::env::var_os("ENTENTE_SHARED")
        .map(PathBuf::from)
        .into_iter()
        .chain(above)
        .find(|folder| folder.join("data").is_dir());
    let file = found.map(|folder| folder.join("data").join(name));
    let bytes = file.and_then(|file| std::fs::read(file).ok());
    if bytes.is_none() {
        eprintln!(
            "\n*** SKIPPED: shared/data/{name} is not here; set ENTENTE_SHARED to the folder that has it ***\n"
        );
    }
    bytes
}
