//! Puts the built site into the binary: each file once, as `scripts/lib/pack-site.mjs` packed it, found by its path.
//!
//! Only with the feature `embed-site`; the folder of packed files comes from `GUICHET_SITE_DIR` (scripts/build-server.sh).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// How the name of a packed file ends.
const PACKED: &str = ".br";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=GUICHET_SITE_DIR");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?);
    let mut table = String::new();
    let mut build = String::from("dev");
    if env::var_os("CARGO_FEATURE_EMBED_SITE").is_some() {
        let site = env::var("GUICHET_SITE_DIR")
            .map_err(|_unset| io::Error::other("GUICHET_SITE_DIR must name the built site"))?;
        println!("cargo:rerun-if-changed={site}");
        let site = PathBuf::from(site);
        build = fs::read_to_string(site.join("BUILD"))?.trim().to_owned();
        let mut files = Vec::new();
        collect(&site, &site, &mut files)?;
        files.sort();
        for (index, name) in files.iter().enumerate() {
            let file = out.join(format!("{index}.br"));
            fs::write(&file, fs::read(site.join([name.as_str(), PACKED].concat()))?)?;
            writeln!(table, "    ({name:?}, include_bytes!({file:?})),").map_err(io::Error::other)?;
        }
    }
    let packed = format!("static SITE: Packed = Packed {{ build: {build:?}, files: &[\n{table}] }};\n");
    fs::write(out.join("site.rs"), packed)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str)
            && let Some(name) = name.strip_suffix(PACKED)
        {
            files.push(name.replace('\\', "/"));
        }
    }
    Ok(())
}
