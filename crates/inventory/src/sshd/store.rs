//! What the lines read so far have set, and what can no longer be known.
//!
//! "First one wins" makes an unreadable file harmless for what was set before it and fatal for everything else; for a
//! keyword where the last one wins, or that collects values, it is the other way round.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::evidence::setting::Setting;

use super::keyword::{self, Keyword, Wins};
use super::program::Program;
use super::value::Value;

/// Where a line stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// Its file.
    pub(super) file: &'a str,
    /// Its number, 1-based.
    pub(super) line: u32,
}

impl Place<'_> {
    fn setting(&self, value: impl Into<String>) -> Setting {
        Setting::from_file(value, self.file, self.line)
    }
}

/// Settings, lists and losers by canonical keyword.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    pub(super) single: BTreeMap<&'static str, Setting>,
    pub(super) lists: BTreeMap<&'static str, Vec<Setting>>,
    pub(super) overridden: BTreeMap<&'static str, Vec<Setting>>,
    /// Keywords whose value cannot be known.
    undetermined: BTreeSet<&'static str>,
    /// Lists that no later line adds to.
    closed: BTreeSet<&'static str>,
    /// Whether something could not be read.
    is_open: bool,
    /// The time of `rekeylimit`, which is decided apart from its size.
    rekey_time: Option<Setting>,
}

impl Store {
    /// Why the server does not start with this value after the earlier ones. Releases before 9.5 refuse what later
    /// ones take as one more line that loses.
    pub(super) fn conflict(&self, keyword: &Keyword, value: &Value, program: &Program) -> Option<String> {
        if !program.is_before(9, 5) {
            return None;
        }
        match value {
            Value::Subsystem { name, .. } if self.has_subsystem(name) => {
                Some(format!("subsystem {name:?} is already defined"))
            }
            Value::One(value) if value == "any" && keyword.canonical == "authenticationmethods" => {
                let is_set = self.single.contains_key(keyword.canonical) && !program.is_before(8, 7);
                is_set.then(|| "\"any\" must appear alone".to_owned())
            }
            _ => None,
        }
    }

    /// Takes a line's value.
    pub(super) fn set(&mut self, keyword: &Keyword, value: Value, place: Place<'_>, program: &Program) {
        let name = keyword.canonical;
        match value {
            Value::Nothing => {}
            Value::One(value) => match keyword.wins(program) {
                Wins::First => self.set_first(name, place.setting(value)),
                Wins::Last => self.set_last(name, place.setting(value)),
            },
            Value::Append(values) => values.into_iter().for_each(|value| self.append(name, place.setting(value))),
            Value::WholeList(values) if !self.lists.contains_key(name) => {
                values.into_iter().for_each(|value| self.append(name, place.setting(value)));
            }
            Value::WholeList(values) => {
                let lost = values.into_iter().map(|value| place.setting(value));
                self.overridden.entry(name).or_default().extend(lost);
            }
            Value::Rekey { size, time } => {
                self.set_first(name, place.setting(size));
                if self.rekey_time.is_none() && !self.is_unknown(name) {
                    self.rekey_time = time.map(|time| place.setting(time));
                }
            }
            Value::Subsystem { name: subsystem, command } => {
                let setting = place.setting(format!("{subsystem} {command}"));
                if self.has_subsystem(&subsystem) {
                    self.overridden.entry(name).or_default().push(setting);
                } else {
                    self.append(name, setting);
                }
            }
        }
    }

    fn has_subsystem(&self, subsystem: &str) -> bool {
        let list = self.lists.get("subsystem").into_iter().flatten();
        list.into_iter().any(|setting| subsystem_name(setting) == subsystem)
    }

    fn set_first(&mut self, name: &'static str, setting: Setting) {
        if self.single.contains_key(name) {
            self.overridden.entry(name).or_default().push(setting);
        } else if !self.is_unknown(name) {
            self.single.insert(name, setting);
        }
    }

    fn set_last(&mut self, name: &'static str, mut setting: Setting) {
        self.undetermined.remove(name);
        if name == "maxstartups" {
            setting.value = with_drop_rate(&setting.value, self.single.get(name));
        }
        if let Some(lost) = self.single.insert(name, setting) {
            self.overridden.entry(name).or_default().push(lost);
        }
    }

    fn append(&mut self, name: &'static str, setting: Setting) {
        if self.closed.contains(name) {
            self.overridden.entry(name).or_default().push(setting);
        } else if !self.is_unknown(name) {
            self.lists.entry(name).or_default().push(setting);
        }
    }

    /// Lets no later line add to a list.
    pub(super) fn close(&mut self, name: &'static str) {
        self.closed.insert(name);
    }

    /// Lets later lines add to a list again.
    pub(super) fn reopen(&mut self, name: &'static str) {
        self.closed.remove(name);
    }

    /// A line that sets this keyword cannot be understood.
    pub(super) fn set_undetermined(&mut self, keyword: &Keyword, program: &Program) {
        let name = keyword.canonical;
        if keyword.wins(program) == Wins::Last {
            self.single.remove(name);
        }
        if !self.single.contains_key(name) && !self.closed.contains(name) {
            self.undetermined.insert(name);
            self.lists.remove(name);
        }
    }

    /// Something that might set any keyword could not be read.
    pub(super) fn leave_open(&mut self, program: &Program) {
        self.is_open = true;
        let last_wins = |name: &str| keyword::find(name, program).is_some_and(|row| row.wins(program) == Wins::Last);
        self.single.retain(|name, _| !last_wins(name));
        let closed = &self.closed;
        self.lists.retain(|name, _| closed.contains(name) || *name == "setenv");
    }

    /// Whether neither a line nor a default can say what this keyword's value is.
    pub(super) fn is_unknown(&self, name: &str) -> bool {
        self.is_open || self.undetermined.contains(name)
    }

    /// Lets another store's values replace this one's, for the keywords that a Match block may set.
    pub(super) fn overlay(&mut self, mut other: Store, program: &Program) {
        for name in keyword::overridable(program) {
            if let Some(setting) = other.single.remove(name) {
                let lost = self.single.insert(name, setting.clone());
                self.note_lost(name, lost.into_iter().collect(), &[setting]);
                self.undetermined.remove(name);
            } else if let Some(settings) = other.lists.remove(name) {
                let old = self.lists.remove(name).unwrap_or_default();
                self.note_lost(name, old, &settings);
                self.lists.insert(name, settings);
                self.undetermined.remove(name);
            } else if other.is_unknown(name) {
                self.single.remove(name);
                self.lists.remove(name);
                self.undetermined.insert(name);
            }
        }
        self.rekey_time = other.rekey_time.or(self.rekey_time.take());
    }

    fn note_lost(&mut self, name: &'static str, old: Vec<Setting>, new: &[Setting]) {
        let losers = self.overridden.entry(name).or_default();
        losers.retain(|loser| !new.contains(loser));
        losers.extend(old.into_iter().filter(|setting| !new.contains(setting)));
        if losers.is_empty() {
            self.overridden.remove(name);
        }
    }

    /// Joins the two halves of `rekeylimit`.
    pub(super) fn finish_rekey_limit(&mut self) {
        let time = self.rekey_time.take().map_or_else(|| "0".to_owned(), |time| time.value);
        if let Some(setting) = self.single.get_mut("rekeylimit") {
            setting.value = format!("{} {time}", setting.value);
        }
    }
}

fn subsystem_name(setting: &Setting) -> &str {
    setting.value.split(' ').next().unwrap_or_default()
}

/// `10:10` (begin and full) with the rate between them, which a line with one number leaves as it was.
fn with_drop_rate(value: &str, earlier: Option<&Setting>) -> String {
    match value.split_once(':') {
        Some((begin, full)) if !full.contains(':') => {
            let rate = earlier.and_then(|setting| setting.value.split(':').nth(1)).unwrap_or("30");
            format!("{begin}:{rate}:{full}")
        }
        _ => value.to_owned(),
    }
}
