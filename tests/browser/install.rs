//! Finds a browser and its driver, or installs them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A browser and what drives it.
pub struct Browser {
    /// The program.
    pub chromium: PathBuf,
    /// The folder with `node_modules`.
    pub modules: PathBuf,
}

/// The browser; `None` where there is none and none can be had. Then it was said, and under `CI` it is a failure.
pub fn browser() -> Option<&'static Browser> {
    static FOUND: OnceLock<Result<Browser, String>> = OnceLock::new();
    match FOUND.get_or_init(find) {
        Ok(browser) => Some(browser),
        Err(why) if std::env::var_os("CI").is_some() => panic!("no browser under CI: {why}"),
        Err(why) => {
            println!("SKIPPED: the report was opened in no browser: {why}");
            eprintln!("SKIPPED: the report was opened in no browser: {why}");
            None
        }
    }
}

fn find() -> Result<Browser, String> {
    if !starts("node") || !starts("npm") {
        apt(&["nodejs", "npm"])?;
    }
    let chromium = match chromium() {
        Some(chromium) => chromium,
        None => {
            apt(&["chromium"])?;
            chromium().ok_or("apt installed Chromium, and it is not on the path")?
        }
    };
    Ok(Browser { chromium, modules: modules()? })
}

fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("WINDTUNNEL_CHROMIUM") {
        return Some(named.into());
    }
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file())
}

fn starts(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|done| done.status.success())
}

/// Installs packages, where one may.
fn apt(packages: &[&str]) -> Result<(), String> {
    let names = packages.join(" ");
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|done| done.stdout.starts_with(b"0"));
    if !is_root || !starts("apt-get") {
        return Err(format!("{names} is missing; apt-get install {names}, or set WINDTUNNEL_CHROMIUM"));
    }
    let apt =
        |arguments: &[&str]| Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").output();
    let install: Vec<&str> = ["install", "-y", "--no-install-recommends"].iter().chain(packages).copied().collect();
    // The lists of packages may be old or absent; then they are fetched first.
    let done = apt(&install).ok().filter(|done| done.status.success());
    let done = done.or_else(|| {
        apt(&["update"]).ok()?;
        apt(&install).ok().filter(|done| done.status.success())
    });
    done.map(|_| ()).ok_or_else(|| format!("apt-get cannot install {names}"))
}

/// The driver, installed into `target/` as the lock file says.
fn modules() -> Result<PathBuf, String> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    std::fs::create_dir_all(&to).map_err(|error| error.to_string())?;
    let mut same = to.join("node_modules/playwright-core/package.json").is_file();
    for name in ["package.json", "package-lock.json"] {
        let wanted = std::fs::read(from.join(name)).map_err(|error| error.to_string())?;
        same &= std::fs::read(to.join(name)).is_ok_and(|is| is == wanted);
        std::fs::write(to.join(name), wanted).map_err(|error| error.to_string())?;
    }
    if !same {
        let arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
        let done = Command::new("npm").args(arguments).current_dir(&to).output().map_err(|error| error.to_string())?;
        if !done.status.success() {
            return Err(format!("npm ci: {}", String::from_utf8_lossy(&done.stderr).trim()));
        }
    }
    Ok(to)
}
