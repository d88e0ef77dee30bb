//! Reads the files of a folder into another: `cargo run --example statements -- IN OUT`.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else {
        return Err("statements IN OUT".into());
    };
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        if !matches!(
            path.extension().and_then(|e| e.to_str()),
            Some("txt" | "html" | "pdf" | "docx")
        ) {
            continue;
        }
        let name = path
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or_default();
        match text::read(&std::fs::read(&path)?, &text::Options::named(name)) {
            Ok(reading) => std::fs::write(
                Path::new(to).join(format!("{name}.json")),
                serde_json::to_vec_pretty(&reading.statement)?,
            )?,
            Err(failure) => eprintln!("{}: {failure}", path.display()),
        }
    }
    Ok(())
}
