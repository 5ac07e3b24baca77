//! Puts the built app into the binary, each file brotli-compressed once, here. Without a built app there is only its
//! page, so that the server can be compiled and tested alone.
#![expect(
    clippy::expect_used,
    reason = "a build script stops when it cannot go on"
)]

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("..");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let dist = root.join("app/dist");
    println!("cargo::rerun-if-changed=../app/dist");
    println!("cargo::rerun-if-changed=../app/index.html");
    let mut files = Vec::new();
    if dist.join("index.html").exists() {
        collect(&dist, &dist, &mut files);
    } else {
        files.push(("index.html".to_owned(), root.join("app/index.html")));
    }
    files.sort();
    let mut list = String::from("pub(super) const EMBEDDED: &[(&str, &[u8])] = &[\n");
    for (number, (name, path)) in files.iter().enumerate() {
        let packed = out.join(format!("asset-{number}.br"));
        let mut writer = brotli::CompressorWriter::new(
            fs::File::create(&packed).expect("the build folder can be written"),
            1 << 16,
            11,
            22,
        );
        writer
            .write_all(&fs::read(path).expect("the app's files can be read"))
            .expect("compressed");
        drop(writer);
        list.push_str(&format!(
            "    ({name:?}, include_bytes!({:?})),\n",
            packed.display().to_string()
        ));
    }
    list.push_str("];\n");
    fs::write(out.join("assets.rs"), list).expect("the build folder can be written");
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) {
    for entry in fs::read_dir(folder).expect("the app's folder can be read") {
        let path = entry.expect("the app's folder can be read").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if let Ok(name) = path.strip_prefix(root) {
            files.push((name.to_string_lossy().replace('\\', "/"), path));
        }
    }
}
