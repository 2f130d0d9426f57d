//! GRUB's menu: which entry boots next, and which kernel it starts.
//!
//! Implements as much of GRUB's script language as `grub-mkconfig` writes: `menuentry`, `submenu`, `linux`, `set
//! default`, and the environment block. Surprising: the next boot may differ from the default once (`next_entry`, as
//! `grub-reboot` writes it).

use std::collections::BTreeMap;

/// Entries of one menu; the generator writes two for each kernel.
const MAX_ENTRIES: usize = 4096;

/// An entry or a submenu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MenuEntry {
    /// The submenu that holds it, as an index; `None` in the main menu.
    pub parent: Option<usize>,
    /// Its title.
    pub title: String,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Whether it is a submenu.
    pub is_submenu: bool,
    /// The image that it starts, as a path in whatever file system GRUB reads.
    pub image: Option<String>,
}

/// A menu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Menu {
    /// Entries in order, each after the submenu that holds it.
    pub entries: Vec<MenuEntry>,
    /// The last `set default=` that is not the next entry's; it may be `${saved_entry}`.
    pub default: Option<String>,
    /// Whether the environment's `next_entry` is honoured.
    pub honours_next_entry: bool,
    /// Whether the entries are those of the Boot Loader Specification (`blscfg`, as Fedora and RHEL have it).
    pub reads_boot_entries: bool,
}

/// Reads `grub.cfg`; lines that are not understood are stepped over.
pub fn parse(bytes: &[u8]) -> Menu {
    let text = String::from_utf8_lossy(bytes);
    let mut menu = Menu::default();
    // For each open brace, the entry that its lines belong to: its own, or the one around it.
    let mut open: Vec<Option<usize>> = Vec::new();
    for line in text.lines() {
        let words = words(line);
        let Some((command, arguments)) = words.split_first() else {
            continue;
        };
        let inside = open.last().copied().flatten();
        let mut opens = inside;
        match command.as_str() {
            "}" => {
                open.pop();
                continue;
            }
            "menuentry" | "submenu" if menu.entries.len() < MAX_ENTRIES => {
                opens = Some(menu.entries.len());
                menu.entries.push(entry(inside, command == "submenu", arguments));
            }
            "linux" | "linux16" | "linuxefi" | "module" | "module2" => {
                // Under Xen the first module is the kernel, the second its initial file system.
                let image = arguments.first().filter(|image| image.contains("vmlinu"));
                if let Some(entry) = inside.and_then(|index| menu.entries.get_mut(index)) {
                    entry.image = entry.image.take().or_else(|| image.cloned());
                }
            }
            "set" => menu.set(arguments),
            "blscfg" => menu.reads_boot_entries = true,
            _ => {}
        }
        if words.last().is_some_and(|last| last == "{") {
            open.push(opens);
        }
    }
    menu
}

fn entry(parent: Option<usize>, is_submenu: bool, arguments: &[String]) -> MenuEntry {
    let title = arguments.first().cloned().unwrap_or_default();
    let id_option = arguments.iter().position(|word| word == "--id" || word == "$menuentry_id_option");
    let id = id_option.and_then(|position| arguments.get(position + 1)).cloned();
    MenuEntry { parent, title, id, is_submenu, image: None }
}

impl Menu {
    fn set(&mut self, arguments: &[String]) {
        match arguments.first().and_then(|assignment| assignment.strip_prefix("default=")) {
            Some("${next_entry}" | "$next_entry") => self.honours_next_entry = true,
            Some(default) => self.default = Some(default.to_owned()),
            None => {}
        }
    }

    /// The entry that boots next, given the environment block; `None` for an empty menu.
    pub fn next(&self, environment: &BTreeMap<String, String>) -> Option<&MenuEntry> {
        self.choose(self.next_path(environment).unwrap_or("0"))
    }

    /// Number, id or title of the entry that boots next, given the environment block.
    pub fn next_path<'a>(&'a self, environment: &'a BTreeMap<String, String>) -> Option<&'a str> {
        let of_environment = |name: &str| environment.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let default = match self.default.as_deref() {
            // What `grub-set-default` saved before something was tried once takes its place again.
            Some("${saved_entry}" | "$saved_entry") => {
                of_environment("prev_saved_entry").or_else(|| of_environment("saved_entry"))
            }
            default => default,
        };
        let once = if self.honours_next_entry { of_environment("next_entry") } else { None };
        once.or(default)
    }

    /// The entry of `0`, `1>2`, an id or a title; where a step names nothing, its menu's first entry, as GRUB does.
    fn choose(&self, path: &str) -> Option<&MenuEntry> {
        let mut menu = None;
        let mut steps = split_steps(path).into_iter();
        // Each turn goes one menu deeper, and a menu comes before its entries.
        for _ in 0..=self.entries.len() {
            let step = steps.next().unwrap_or_else(|| "0".to_owned());
            let (index, entry) = self.step(menu, &step)?;
            if !entry.is_submenu {
                return Some(entry);
            }
            menu = Some(index);
        }
        None
    }

    fn step(&self, menu: Option<usize>, step: &str) -> Option<(usize, &MenuEntry)> {
        let in_menu = || self.entries.iter().enumerate().filter(|(_, entry)| entry.parent == menu);
        let chosen = match step.parse::<usize>() {
            Ok(number) => in_menu().nth(number),
            Err(_) => in_menu().find(|(_, entry)| entry.id.as_deref() == Some(step) || entry.title == step),
        };
        chosen.or_else(|| in_menu().next())
    }
}

/// Steps are parted by `>`; in a title that sign is doubled.
fn split_steps(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut letters = path.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '>' && letters.next_if_eq(&'>').is_none() {
            steps.push(String::new());
            continue;
        }
        if let Some(step) = steps.last_mut() {
            step.push(letter);
        }
    }
    steps
}

/// Reads an environment block (`grubenv`): `name=value` lines after a comment, padded with `#`.
pub fn parse_environment(bytes: &[u8]) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(bytes);
    let pairs = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The words of a line, quotes removed; a comment ends it.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\'' | '"', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (_, Some(open)) if letter == open => quote = None,
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(letters.next()),
            ('#', None) if word.is_none() => break,
            (' ' | '\t' | ';', None) => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `grub-mkconfig` of Debian 12 writes it, shortened.
    const MENU: &str = r#"
if [ -s $prefix/grubenv ]; then
  set have_grubenv=true
  load_env
fi
if [ "${next_entry}" ] ; then
   set default="${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="DEFAULT"
fi
function savedefault {
  if [ -z "${boot_once}" ]; then
    saved_entry="${chosen}"
  fi
}
menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-1' {
	load_video
	if [ x$grub_platform = xxen ]; then insmod xzio; fi
	echo	'Loading Linux 6.1.0-44-amd64 ...'
	linux	/boot/vmlinuz-6.1.0-44-amd64 root=UUID=1 ro  quiet
}
submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced-1' {
	menuentry 'Debian, with Linux 6.1.0-44-amd64' $menuentry_id_option 'gnulinux-44' {
		linux	/boot/vmlinuz-6.1.0-44-amd64 root=UUID=1
	}
	menuentry 'Debian > old' --class x --id 'gnulinux-9' {
		linux	"/boot/vmlinuz-6.1.0-9-amd64" root=UUID=1
	}
}
menuentry "Xen" {
	multiboot2	/boot/xen.gz
	module2	/boot/vmlinuz-6.1.0-10-amd64 placeholder
	module2	/boot/initrd.img-6.1.0-10-amd64
}
menuentry "Memory test" { # comment {
	linux16	/boot/memtest86+.bin
}
"#;

    #[track_caller]
    fn check(default: &str, environment: &str, image: Option<&str>) {
        let menu = parse(MENU.replace("DEFAULT", default).as_bytes());
        let next = menu.next(&parse_environment(environment.as_bytes())).unwrap();
        assert_eq!(next.image.as_deref(), image, "{default} with {environment}");
    }

    #[test]
    fn the_default_is_found_by_number_id_and_title() {
        let (newest, old, xen) =
            ("/boot/vmlinuz-6.1.0-44-amd64", "/boot/vmlinuz-6.1.0-9-amd64", "/boot/vmlinuz-6.1.0-10-amd64");
        for (default, image) in [
            ("0", Some(newest)),
            ("1", Some(newest)),
            ("1>1", Some(old)),
            ("gnulinux-advanced-1>gnulinux-9", Some(old)),
            ("Advanced options for Debian GNU/Linux>Debian >> old", Some(old)),
            ("2", Some(xen)),
            ("Memory test", None),
            ("99", Some(newest)),
            ("no such title", Some(newest)),
            ("1>99>5", Some(newest)),
        ] {
            check(default, "", image);
        }
    }

    #[test]
    fn the_environment_has_the_saved_and_the_next_entry() {
        let block = "# GRUB Environment Block\nsaved_entry=gnulinux-advanced-1>gnulinux-9\n#######";
        check("${saved_entry}", block, Some("/boot/vmlinuz-6.1.0-9-amd64"));
        check("0", block, Some("/boot/vmlinuz-6.1.0-44-amd64"));
        check("${saved_entry}", "", Some("/boot/vmlinuz-6.1.0-44-amd64"));
        check("${saved_entry}", &format!("{block}\nnext_entry=2\n"), Some("/boot/vmlinuz-6.1.0-10-amd64"));
        check("${saved_entry}", &format!("{block}\nprev_saved_entry=Xen\n"), Some("/boot/vmlinuz-6.1.0-10-amd64"));
        check("0", "next_entry=\n", Some("/boot/vmlinuz-6.1.0-44-amd64"));
    }

    #[test]
    fn hostile_menus_end() {
        assert_eq!(parse(b"").next(&BTreeMap::new()), None);
        let deep = parse("submenu x {\n".repeat(100_000).as_bytes());
        assert_eq!(deep.entries.len(), MAX_ENTRIES);
        assert_eq!(deep.next(&BTreeMap::new()), None);
        let many = parse("menuentry x {\n}\n".repeat(100_000).as_bytes());
        assert!(many.next(&BTreeMap::new()).is_some());
        assert_eq!(parse(b"}\n}\nmenuentry 'open\\").entries.len(), 1);
    }
}
