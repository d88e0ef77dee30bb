//! Has the package built anew when a file or folder of texts comes: the compiler follows only those that were there before.

fn main() {
    println!("cargo::rerun-if-changed=locales");
}
