//! The terminal: messages on stderr, and what stdout can show.

use std::io::{IsTerminal as _, Write as _};

use assay_report::Style;

use crate::arguments::GlobalArguments;

/// Width where stdout is no terminal.
const DEFAULT_WIDTH: u16 = 80;

/// What the terminal can show, and whether messages are wanted.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// Columns of stdout.
    pub width: u16,
    /// Colours on stdout.
    pub style: Style,
    /// Progress on stderr.
    pub shows_progress: bool,
    is_quiet: bool,
}

impl Terminal {
    /// Looks at stdout, stderr and the environment.
    pub fn detect(global: &GlobalArguments) -> Terminal {
        let is_terminal = std::io::stdout().is_terminal();
        let no_color = global.no_color || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let width = rustix::termios::tcgetwinsize(std::io::stdout()).ok().map(|size| size.ws_col);
        Terminal {
            width: width.filter(|columns| *columns >= 40).unwrap_or(DEFAULT_WIDTH),
            style: if is_terminal && !no_color { Style::Colour } else { Style::Plain },
            shows_progress: std::io::stderr().is_terminal() && !global.quiet,
            is_quiet: global.quiet,
        }
    }

    /// Says something that the user should know but that does not stop the command.
    pub fn warn(&self, message: impl std::fmt::Display) {
        self.say(format_args!("warning: {message}"));
    }

    /// Says what may help next; silent with `--quiet`.
    pub fn hint(&self, message: impl std::fmt::Display) {
        if !self.is_quiet {
            self.say(format_args!("{message}"));
        }
    }

    /// Says why the command stops, with every cause.
    pub fn error(&self, error: &anyhow::Error) {
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        self.say(format_args!("error: {}", causes.join(": ")));
    }

    #[expect(clippy::unused_self, reason = "a message without a terminal to show it on would be a hidden side effect")]
    fn say(&self, message: std::fmt::Arguments<'_>) {
        let message = message.to_string();
        let text = assay_report::visible(&message);
        // A message that cannot be written has nowhere else to go.
        let _ = writeln!(std::io::stderr().lock(), "assay: {text}");
    }
}
