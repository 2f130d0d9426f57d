//! Runs the configuration: files in files, Match blocks, first one wins.
//!
//! sshd reads its configuration twice: once at start, where only `Match all` blocks hold, and once per connection, where
//! what the holding blocks set replaces the global values. Both passes are done here in one, into two stores.

use std::collections::{BTreeMap, BTreeSet};

use assay_host::{FileKind, Host, HostError};
use assay_model::evidence::setting::Setting;
use assay_model::evidence::sshd::MatchBlock;
use assay_model::evidence::{Problem, ProblemKind};

use super::glob;
use super::keyword::{self, Keyword, Kind, Scope};
use super::line::{self, Grammar, Line, LineError};
use super::program::Program;
use super::store::{Place, Store};
use super::value::{self, ValueError};
use crate::text::{self, CONFIGURATION_LIMIT, LineProblems};

/// The configuration unless the command line names another.
pub(super) const MAIN_FILE: &str = "/etc/ssh/sshd_config";
/// Includes may be nested this deep (`SERVCONF_MAX_DEPTH`).
const MAX_DEPTH: u32 = 16;
/// Files read at most: nested includes of two files each would double sixteen times.
const MAX_FILES: u32 = 2000;
/// Bytes read at most, all files together: a large file that includes itself would otherwise be read [`MAX_FILES`] times.
const MAX_BYTES: u64 = 16 << 20;
/// Match blocks kept at most.
const MAX_BLOCKS: usize = 4096;

/// For which connections a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    /// For all, outside any Match block.
    Global,
    /// For all, inside the `Match all` block of this index.
    All(usize),
    /// For those that the block of this index selects.
    Block(usize),
}

/// The place in the configuration that a line is read at.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// What holds for the whole file, from the line that includes it.
    outer: Context,
    /// What holds here.
    current: Context,
    /// How deep the file is included.
    depth: u32,
}

/// The state of one run.
pub(super) struct Interpreter<'a> {
    host: &'a dyn Host,
    program: &'a Program,
    grammar: Grammar,
    files_left: u32,
    bytes_left: u64,
    /// What holds globally.
    pub(super) store: Store,
    /// What `Match all` blocks set; they are listed among the blocks as well.
    matched: Store,
    blocks: Vec<MatchBlock>,
    files: Vec<String>,
    problems: Vec<Problem>,
}

/// What a run leaves.
pub(super) struct Outcome {
    pub(super) store: Store,
    pub(super) blocks: Vec<MatchBlock>,
    pub(super) files: Vec<String>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Interpreter<'a> {
    pub(super) fn new(host: &'a dyn Host, program: &'a Program) -> Interpreter<'a> {
        Interpreter {
            host,
            program,
            grammar: Grammar::of(program),
            files_left: MAX_FILES,
            bytes_left: MAX_BYTES,
            store: Store::default(),
            matched: Store::default(),
            blocks: Vec::new(),
            files: Vec::new(),
            problems: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> Outcome {
        for (command, user) in [
            ("authorizedkeyscommand", "authorizedkeyscommanduser"),
            ("authorizedprincipalscommand", "authorizedprincipalscommanduser"),
        ] {
            self.check_command_user(command, user);
        }
        self.switch_on_keyboard_interactive();
        self.store.overlay(self.matched, self.program);
        self.store.finish_rekey_limit();
        // A file that is included twice tells its problems twice.
        let mut told = BTreeSet::new();
        self.problems.retain(|problem| told.insert(problem.clone()));
        Outcome { store: self.store, blocks: self.blocks, files: self.files, problems: self.problems }
    }

    /// Before 8.7 one keyword switched the other on, after the first pass, so that a block could switch it off again.
    fn switch_on_keyboard_interactive(&mut self) {
        let name = "challengeresponseauthentication";
        if !self.program.is_before(8, 7) {
            return;
        }
        let switch = match self.store.single.get(name) {
            Some(switch) => switch.clone(),
            None if self.store.is_unknown(name) => return,
            None => Setting::compiled_in("yes"),
        };
        if switch.value == "yes" {
            self.store.single.insert("kbdinteractiveauthentication", switch);
        }
    }

    /// A command without its user stops the server, even where a Match block would give it one.
    fn check_command_user(&mut self, command: &'static str, user: &'static str) {
        let setting = self.store.single.get(command).filter(|setting| !setting.value.eq_ignore_ascii_case("none"));
        let Some(setting) = setting.filter(|_| !self.store.single.contains_key(user) && !self.store.is_unknown(user))
        else {
            return;
        };
        let (file, line) = (setting.file.clone().unwrap_or_default(), setting.line.unwrap_or_default());
        let detail = format!("line {line} of {file} sets {command} without {user}; sshd refuses to start with it");
        self.problems.push(Problem::new(file, ProblemKind::Malformed, detail));
    }

    /// Notes a problem.
    pub(super) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Notes a file that takes effect without being run.
    pub(super) fn note_file(&mut self, file: &str) {
        self.files.push(file.to_owned());
    }

    /// Runs a line of the command line, of which `place` is the origin.
    pub(super) fn run_option(&mut self, text: &str, place: Place<'_>) {
        let mut problems = LineProblems::new(place.file);
        let kind = line::parse_line(text, self.grammar)
            .ok()
            .flatten()
            .and_then(|line| keyword::find(&line.keyword, self.program).map(|keyword| keyword.kind));
        if matches!(kind, Some(Kind::Include | Kind::Match)) {
            refuse(&mut problems, place, &format!("gives {text:?} to sshd as an option, which must stand in a file"));
            return self.problems.extend(problems.into_problems());
        }
        let mut frame = Frame { outer: Context::Global, current: Context::Global, depth: MAX_DEPTH };
        self.run_line(text, place, &mut frame, &mut problems);
        self.problems.extend(problems.into_problems());
    }

    /// Runs `-p`: a port in place of every Port line.
    pub(super) fn run_port(&mut self, port: &str, place: Place<'_>) {
        self.store.reopen("port");
        self.run_option(&format!("Port {port}"), place);
        self.store.close("port");
    }

    /// The options of the command line could not be read: nothing that a file says is certain.
    pub(super) fn unreadable_options(&mut self, problem: Problem) {
        self.unreadable(problem, Context::Global);
    }

    /// Runs the main file.
    pub(super) fn run_main(&mut self, file: &str) {
        self.run_file(file, Context::Global, 0);
    }

    fn run_file(&mut self, file: &str, context: Context, depth: u32) {
        if depth > MAX_DEPTH {
            let detail = format!("{file} is included more than {MAX_DEPTH} deep; sshd refuses to start with it");
            return self.unreadable(Problem::new(file, ProblemKind::Malformed, detail), context);
        }
        let Some(files_left) = self.files_left.checked_sub(1) else {
            let detail = format!("more than {MAX_FILES} files are included; the rest was not read");
            return self.unreadable(Problem::new(MAIN_FILE, ProblemKind::TooLarge, detail), context);
        };
        self.files_left = files_left;
        let content = match self.read(file) {
            Ok(content) => content,
            Err(error) => return self.unreadable(error.to_problem(), context),
        };
        let Some(bytes_left) = self.bytes_left.checked_sub(content.len() as u64) else {
            let detail = format!("the files included hold more than {MAX_BYTES} bytes; the rest was not read");
            return self.unreadable(Problem::new(MAIN_FILE, ProblemKind::TooLarge, detail), context);
        };
        self.bytes_left = bytes_left;
        if content.contains(&0) {
            let detail = format!("{file} holds a NUL byte, which joins its lines in ways that nobody means");
            return self.unreadable(Problem::new(file, ProblemKind::Malformed, detail), context);
        }
        self.files.push(file.to_owned());
        let mut problems = LineProblems::new(file);
        let mut frame = Frame { outer: context, current: context, depth };
        for line in text::lines(&content, &mut problems) {
            let place = Place { file, line: line.number };
            self.run_line(&line.text, place, &mut frame, &mut problems);
        }
        self.problems.extend(problems.into_problems());
    }

    /// sshd opens a directory like a file and reads nothing from it.
    fn read(&self, file: &str) -> Result<Vec<u8>, HostError> {
        match self.host.read(file, CONFIGURATION_LIMIT) {
            Err(HostError::WrongType { .. })
                if self.host.metadata(file).is_ok_and(|metadata| metadata.kind == FileKind::Directory) =>
            {
                Ok(Vec::new())
            }
            other => other,
        }
    }

    fn unreadable(&mut self, problem: Problem, context: Context) {
        self.problems.push(problem);
        match context {
            Context::Global => self.store.leave_open(self.program),
            Context::All(_) => {
                self.store.leave_open(self.program);
                self.matched.leave_open(self.program);
            }
            Context::Block(_) => {}
        }
    }

    fn run_line(&mut self, text: &str, place: Place<'_>, frame: &mut Frame, problems: &mut LineProblems) {
        let context = frame.current;
        let line = match line::parse_line(text, self.grammar) {
            Ok(Some(line)) => line,
            Ok(None) => return,
            Err((written, error)) => return self.broken_line(&written, error, place, context, problems),
        };
        let Some(keyword) = keyword::find(&line.keyword, self.program) else {
            let what = format!("has the unknown keyword {:?}", line.keyword);
            return refuse(problems, place, &what);
        };
        if let Some(release) = self.program.release.filter(|release| *release < keyword.since) {
            let what =
                format!("has the keyword {:?}, which {}.{} does not know", line.keyword, release.major, release.minor);
            return refuse(problems, place, &what);
        }
        if matches!(context, Context::Block(_)) && keyword.scope == Scope::Global {
            let what = format!("has {:?} inside a Match block, where it is not allowed", line.keyword);
            return refuse(problems, place, &what);
        }
        match keyword.kind {
            Kind::Include => self.include(&line, place, *frame, problems),
            Kind::Match => self.begin_block(&line, place, frame, problems),
            _ => self.set(&keyword, &line, place, context, problems),
        }
    }

    fn broken_line(
        &mut self,
        written: &str,
        error: LineError,
        place: Place<'_>,
        context: Context,
        problems: &mut LineProblems,
    ) {
        refuse(problems, place, &format!("({written}) cannot be understood: {}", error.as_str()));
        if let Some(keyword) = keyword::find(written, self.program) {
            self.set_undetermined(&keyword, context);
        }
    }

    fn set(&mut self, keyword: &Keyword, line: &Line, place: Place<'_>, context: Context, problems: &mut LineProblems) {
        let value = match value::evaluate(keyword, line, self.program) {
            Ok(value) => value,
            Err(ValueError::Refused(reason)) => {
                refuse(problems, place, &format!("({}) cannot be understood: {reason}", line.keyword));
                return self.set_undetermined(keyword, context);
            }
            Err(ValueError::NotKnown(reason)) => {
                let detail = format!("line {} of {} ({}) {reason}", place.line, place.file, line.keyword);
                self.problems.push(Problem::new(place.file, ProblemKind::NotSupported, detail));
                return self.set_undetermined(keyword, context);
            }
        };
        if let Some(reason) = self.store.conflict(keyword, &value, self.program) {
            return refuse(problems, place, &format!("({}) cannot be used: {reason}", line.keyword));
        }
        if let Context::All(index) = context {
            self.set_in_block(index, keyword, value.clone(), place);
        }
        match context {
            Context::Global => self.store.set(keyword, value, place, self.program),
            Context::All(_) => {
                self.store.set(keyword, value.clone(), place, self.program);
                self.matched.set(keyword, value, place, self.program);
            }
            Context::Block(index) => self.set_in_block(index, keyword, value, place),
        }
    }

    /// In a block the first line of a single value wins; the lines of a list are joined with blanks.
    fn set_in_block(&mut self, index: usize, keyword: &Keyword, value: value::Value, place: Place<'_>) {
        let mut own = Store::default();
        own.set(keyword, value, place, self.program);
        own.finish_rekey_limit();
        let Some(block) = self.blocks.get_mut(index) else {
            return;
        };
        for (name, setting) in own.single {
            block.settings.entry(name.to_owned()).or_insert(setting);
        }
        for (name, settings) in own.lists {
            for setting in settings {
                match block.settings.get_mut(name) {
                    Some(joined) => {
                        joined.value.push(' ');
                        joined.value.push_str(&setting.value);
                    }
                    None => {
                        block.settings.insert(name.to_owned(), setting);
                    }
                }
            }
        }
    }

    fn set_undetermined(&mut self, keyword: &Keyword, context: Context) {
        match context {
            Context::Global => self.store.set_undetermined(keyword, self.program),
            Context::All(_) => {
                self.store.set_undetermined(keyword, self.program);
                self.matched.set_undetermined(keyword, self.program);
            }
            Context::Block(_) => {}
        }
    }

    fn include(&mut self, line: &Line, place: Place<'_>, frame: Frame, problems: &mut LineProblems) {
        if line.arguments.is_empty() || line.arguments.iter().any(String::is_empty) {
            return refuse(problems, place, "(Include) has no file name");
        }
        for pattern in &line.arguments {
            let pattern = match pattern.as_str() {
                absolute if absolute.starts_with('/') => absolute.to_owned(),
                // glob(3) is not asked to expand a tilde, so this is a path below the directory sshd is started in.
                home if home.starts_with('~') => format!("/{home}"),
                relative => format!("/etc/ssh/{relative}"),
            };
            match glob::expand(self.host, &pattern) {
                Ok(files) => files.iter().for_each(|file| self.run_file(file, frame.current, frame.depth + 1)),
                Err(error) => self.unreadable(error.to_problem(), frame.current),
            }
        }
    }

    fn begin_block(&mut self, line: &Line, place: Place<'_>, frame: &mut Frame, problems: &mut LineProblems) {
        let words = match criteria(line, self.program) {
            Ok(words) => words,
            Err(reason) => {
                refuse(problems, place, &format!("(Match) cannot be understood: {reason}"));
                // What follows belongs to a block that nobody can tell the meaning of: it must not count as global.
                vec![line.rest.clone()]
            }
        };
        let is_all = matches!(words.as_slice(), [word] if word.eq_ignore_ascii_case("all"));
        let outer = match frame.outer {
            Context::Block(index) => self.blocks.get(index).map(|block| block.criteria.clone()),
            Context::Global | Context::All(_) => None,
        };
        frame.current = match outer {
            None if is_all => Context::All(self.blocks.len()),
            _ => Context::Block(self.blocks.len()),
        };
        if self.blocks.len() >= MAX_BLOCKS {
            let what = format!("begins a Match block after {MAX_BLOCKS} others, which is not kept");
            return problems.malformed(place.line, what);
        }
        let criteria = match outer {
            Some(outer) if is_all => outer,
            Some(outer) => format!("{outer} {}", words.join(" ")),
            None => words.join(" "),
        };
        let (file, line) = (place.file.to_owned(), place.line);
        self.blocks.push(MatchBlock { criteria, file, line, settings: BTreeMap::new() });
    }
}

fn refuse(problems: &mut LineProblems, place: Place<'_>, what: &str) {
    problems.malformed(place.line, format!("{what}; sshd refuses to start with it"));
}

/// The words of a Match line, checked as the server checks them when it starts.
fn criteria(line: &Line, program: &Program) -> Result<Vec<String>, String> {
    // From 9.9 on the words are arguments like those of any keyword.
    let words = if program.is_at_least(9, 9) {
        line.arguments.clone()
    } else {
        let words = line::delimited_arguments(&line.rest).ok_or("invalid quotes")?;
        words.into_iter().take_while(|word| !word.starts_with('#')).collect()
    };
    let mut rest = words.iter();
    let mut count = 0;
    while let Some(word) = rest.next() {
        count += 1;
        let name = word.to_ascii_lowercase();
        if name == "all" {
            if words.len() > 1 {
                return Err("'all' cannot be combined with other criteria".to_owned());
            }
            continue;
        }
        if name == "invalid-user" && !program.is_before(9, 9) {
            continue;
        }
        let (name, argument) = match name.split_once('=').filter(|_| program.is_at_least(9, 9)) {
            Some((name, argument)) => (name.to_owned(), Some(argument.to_owned())),
            None => (name, rest.next().cloned()),
        };
        let Some(argument) = argument.filter(|argument| !argument.is_empty()) else {
            return Err(format!("missing value for {word:?}"));
        };
        check_criterion(&name, &argument, program)?;
    }
    if count == 0 {
        return Err("no criteria".to_owned());
    }
    Ok(words)
}

fn check_criterion(name: &str, argument: &str, program: &Program) -> Result<(), String> {
    use super::argument::{is_address_list, port};
    let is_valid = match name {
        "user" | "group" | "host" => true,
        "rdomain" => !program.is_before(7, 6),
        "version" => !program.is_before(10, 0),
        "address" | "localaddress" => is_address_list(argument),
        "localport" => port(argument).is_some() || argument.starts_with(|first: char| first.is_ascii_alphabetic()),
        _ => return Err(format!("unsupported criterion {name:?}")),
    };
    if is_valid { Ok(()) } else { Err(format!("invalid value {argument:?} for {name:?}")) }
}
