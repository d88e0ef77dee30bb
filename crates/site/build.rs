//! Has the package built anew when a file or folder comes into what it carries: the compiler follows only those that were there before.

fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=assets");
}
