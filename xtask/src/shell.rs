//! Running other programs, with a word about what is going on and how long it took.

use std::{
    ffi::OsStr,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// What these commands end with: nothing, or a sentence on what went wrong.
pub(crate) type Done<T = ()> = Result<T, String>;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .components()
        .collect::<PathBuf>()
        .canonicalize()
        .unwrap_or_default()
}

/// The moment. Build steps are timed by the machine's clock.
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Says what is being done, does it, and says how long it took.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Done<T>) -> Done<T> {
    println!("▸ {what} …");
    let started = now();
    let done = work();
    let mark = if done.is_ok() { "✓" } else { "✗" };
    println!("{mark} {what}: {:.1} s", started.elapsed().as_secs_f64());
    done
}

/// A command in the repository's root.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// Cargo, as this program was started by.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs to the end; a bad end is an error.
pub(crate) fn finish(command: &mut Command) -> Done {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .map_err(|cause| format!("{name}: {cause}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{name} ended with {status}"))
    }
}

/// Runs to the end and gives what it printed.
pub(crate) fn output(command: &mut Command) -> Done<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|cause| format!("{name}: {cause}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        false => Err(format!("{name} ended with {}", output.status)),
    }
}

/// The first of these programs that is on the path.
pub(crate) fn which(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        folders
            .iter()
            .map(|folder| folder.join(name))
            .find(|file| file.is_file())
    })
}

/// A process that ends when this is dropped.
pub(crate) struct Running(Child);

impl Running {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> Done<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        command
            .spawn()
            .map(Self)
            .map_err(|cause| format!("{name}: {cause}"))
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Waits until it ends by itself.
    pub(crate) fn wait(&mut self) -> Done {
        self.0.wait().map(drop).map_err(|cause| cause.to_string())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> Done<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|cause| cause.to_string())?;
    listener
        .local_addr()
        .map(|address| address.port())
        .map_err(|cause| cause.to_string())
}

/// Waits until something answers at a port.
pub(crate) fn wait_for(port: u16, seconds: u64) -> Done {
    let started = now();
    while started.elapsed() < Duration::from_secs(seconds) {
        if std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Err(format!(
        "nothing answered at port {port} within {seconds} s"
    ))
}

/// A folder for this run, removed at its end.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes it.
    pub(crate) fn new(name: &str) -> Done<Self> {
        let folder = std::env::temp_dir().join(format!("linli-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).map_err(|cause| cause.to_string())?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The value after `--name`, or after `--name=`.
pub(crate) fn option(words: &[String], name: &str) -> Option<String> {
    words.iter().enumerate().find_map(|(i, word)| {
        if word == name {
            return words.get(i + 1).cloned();
        }
        word.strip_prefix(name)?
            .strip_prefix('=')
            .map(str::to_owned)
    })
}

/// Refuses words that mean nothing here.
pub(crate) fn only(words: &[String], with_value: &[&str], flags: &[&str]) -> Done {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let name = word.split('=').next().unwrap_or_default();
        if with_value.contains(&name) {
            if !word.contains('=') && words.next().is_none() {
                return Err(format!("{name} needs a value"));
            }
        } else if !flags.contains(&word.as_str()) {
            return Err(format!(
                "{word} is not known; known are {} {}",
                with_value.join(" "),
                flags.join(" ")
            ));
        }
    }
    Ok(())
}
