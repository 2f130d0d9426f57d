//! The collector: finds the program, runs its configuration, fills in what is compiled in.

use std::collections::BTreeMap;

use assay_host::{Host, HostError};
use assay_model::evidence::package::Packages;
use assay_model::evidence::setting::Setting;
use assay_model::evidence::sshd::Sshd;
use assay_model::evidence::{Collected, Problem, ProblemKind};

use super::command_line::{self, CommandLineOption, OPTION_FILES};
use super::interpreter::{Interpreter, MAIN_FILE, Outcome};
use super::program::{self, Program};
use super::store::{Place, Store};
use super::{defaults, listen};
use crate::text::{self, CONFIGURATION_LIMIT, LineProblems};

const PROGRAM_PATH: &str = "/usr/sbin/sshd";

/// Collects the effective configuration of OpenSSH's server.
///
/// The server counts as installed when its program is there or a package database says that its package's files are.
/// The version is the package's; without a package it is not known, and only defaults that never changed are told.
/// Options from the service's start-up file come first; unit files and drop-ins that change the command line are not
/// looked at.
pub fn collect(host: &dyn Host, packages: Option<&Packages>) -> Collected<Sshd> {
    let mut problems = Vec::new();
    let has_program = match host.metadata(PROGRAM_PATH) {
        Ok(_) => true,
        Err(HostError::NotFound { .. }) => false,
        Err(error) => {
            problems.push(error.to_problem());
            false
        }
    };
    let package = packages.and_then(|packages| Some((packages, program::server_package(packages)?)));
    if !has_program && package.is_none() {
        if let Some(problem) = problems.pop() {
            return Collected::unavailable(problem);
        }
        return Collected::complete(Sshd::default());
    }
    let program = match package {
        Some((packages, package)) => Program::from_package_version(&package.version, program::build_of(packages)),
        None => Program::unknown(),
    };
    let mut outcome = run(host, &program);
    problems.append(&mut outcome.problems);
    let sshd = complete(outcome, program, &mut problems);
    Collected::partial(sshd, problems)
}

fn run(host: &dyn Host, program: &Program) -> Outcome {
    let mut interpreter = Interpreter::new(host, program);
    let main_file = run_options(host, &mut interpreter).unwrap_or_else(|| MAIN_FILE.to_owned());
    interpreter.run_main(&main_file);
    interpreter.finish()
}

/// Runs the options of the start-up files; the main file that they name.
fn run_options(host: &dyn Host, interpreter: &mut Interpreter<'_>) -> Option<String> {
    let mut main_file = None;
    for (file, variable) in OPTION_FILES {
        let content = match host.read(file, CONFIGURATION_LIMIT) {
            Ok(content) => content,
            Err(HostError::NotFound { .. }) => continue,
            Err(error) => {
                // The options would win over every file, so nothing is certain any more.
                interpreter.unreadable_options(error.to_problem());
                continue;
            }
        };
        // What is no UTF-8 elsewhere in the file does not concern sshd.
        let lines = text::lines(&content, &mut LineProblems::new(file));
        let is_assignment = |line: &&text::Line<'_>| {
            line.text.trim_start().strip_prefix(variable).is_some_and(|rest| rest.starts_with('='))
        };
        let Some(assignment) = lines.iter().rev().find(is_assignment) else {
            continue;
        };
        let line = assignment.number;
        let value = match text::shell_assignment(&assignment.text) {
            Ok((_, value)) => value,
            Err(what) => {
                let detail = format!("line {line} of {file} {what}");
                interpreter.unreadable_options(Problem::new(file, ProblemKind::Malformed, detail));
                continue;
            }
        };
        let options = command_line::parse_options(&value);
        if !options.is_empty() {
            interpreter.note_file(file);
        }
        let place = Place { file, line };
        for option in options {
            match option {
                CommandLineOption::ConfigurationFile(path) => main_file = Some(path),
                CommandLineOption::Line(text) => interpreter.run_option(&text, place),
                CommandLineOption::Port(port) => interpreter.run_port(&port, place),
                CommandLineOption::Unknown(option) => {
                    let detail =
                        format!("line {line} of {file} gives sshd the option {option:?}, which it does not have");
                    interpreter.problem(Problem::new(file, ProblemKind::Malformed, detail));
                }
            }
        }
    }
    main_file
}

/// Fills in what is compiled in and shapes the evidence.
fn complete(outcome: Outcome, program: Program, problems: &mut Vec<Problem>) -> Sshd {
    let mut store = outcome.store;
    for (keyword, value) in defaults::single_values(&program) {
        if !store.single.contains_key(keyword) && !store.is_unknown(keyword) {
            store.single.insert(keyword, Setting::compiled_in(value));
        }
    }
    default_lists(&mut store, &program);
    listen_addresses(&mut store, problems);
    let owned =
        |map: BTreeMap<&str, Vec<Setting>>| map.into_iter().map(|(name, list)| (name.to_owned(), list)).collect();
    Sshd {
        installed: true,
        version: program.version,
        effective: store.single.into_iter().map(|(name, setting)| (name.to_owned(), setting)).collect(),
        lists: owned(store.lists),
        overridden: owned(store.overridden),
        match_blocks: outcome.blocks,
        files: outcome.files,
    }
}

fn default_lists(store: &mut Store, program: &Program) {
    if !store.lists.contains_key("port") && !store.is_unknown("port") {
        store.lists.insert("port", vec![Setting::compiled_in("22")]);
    }
    if !store.lists.contains_key("hostkey") && !store.is_unknown("hostkey") {
        let keys = defaults::host_keys(program).map(|keys| keys.map(Setting::compiled_in).to_vec());
        store.lists.extend(keys.map(|keys| ("hostkey", keys)));
    }
}

fn listen_addresses(store: &mut Store, problems: &mut Vec<Problem>) {
    let queued = store.lists.remove("listenaddress");
    let (Some(ports), Some(family)) = (store.lists.get("port"), store.single.get("addressfamily")) else {
        return;
    };
    if store.is_unknown("listenaddress") {
        return;
    }
    let (found, refused) = listen::addresses(queued.as_ref(), ports, &family.value);
    for setting in refused {
        let (file, line) = (setting.file.unwrap_or_default(), setting.line.unwrap_or_default());
        let detail = format!(
            "line {line} of {file} listens on {}, which is not of the address family {:?}; sshd refuses to start with it",
            setting.value, family.value
        );
        problems.push(Problem::new(file, ProblemKind::Malformed, detail));
    }
    store.lists.insert("listenaddress", found);
}
