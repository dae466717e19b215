//! The project around the current directory.

use std::path::{Path, PathBuf};

use crate::cli::failure::Refusal;

/// The folder that holds `derivations/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Project {
    /// The folder, relative to the current directory: empty, or `..` some times.
    pub(super) root: PathBuf,
}

impl Project {
    /// The nearest folder, from the current directory upward, that holds `derivations/`.
    pub(super) fn find() -> Option<Project> {
        let here = std::env::current_dir().ok()?;
        let mut root = PathBuf::new();
        for folder in here.ancestors() {
            if folder.join("derivations").is_dir() {
                return Some(Project { root });
            }
            root.push("..");
        }
        None
    }

    /// The same, where a command cannot do without.
    pub(super) fn expect() -> Result<Project, Refusal> {
        Project::find().ok_or_else(|| {
            let message = "there is no folder `derivations` here or above".to_owned();
            Refusal::of_command("no-project", message, "name a file, or write a project with `chainrule init`")
        })
    }

    /// The folder of the derivations.
    pub(super) fn derivations(&self) -> PathBuf {
        self.root.join("derivations")
    }

    /// The file of settings, whether or not it is there.
    pub(super) fn settings(&self) -> PathBuf {
        self.root.join(Path::new("chainrule.toml"))
    }
}
