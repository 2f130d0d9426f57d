//! The kernel's command line: the words of it that switch protections.
//!
//! Implements `/proc/cmdline` of proc(5) and the words of the kernel's own list of parameters. Only the words of the
//! table below are kept: a command line may hold a password or an address. Surprising: what follows `--` is given to
//! the first process and means nothing to the kernel.

/// The words that switch protections, without their value. A word in a family (`ima_appraise`) is listed by itself.
pub const SECURITY_SWITCHES: &[&str] = &[
    // Memory: execution, layout, initialisation.
    "noexec",
    "noexec32",
    "nosmap",
    "nosmep",
    "nokaslr",
    "kaslr",
    "norandmaps",
    "randomize_kstack_offset",
    "vsyscall",
    "vdso",
    "vdso32",
    "pti",
    "nopti",
    "init_on_alloc",
    "init_on_free",
    "page_alloc.shuffle",
    "page_poison",
    "slab_nomerge",
    "slub_debug",
    "slab_debug",
    "hardened_usercopy",
    "hash_pointers",
    "no_hash_pointers",
    "stack_guard_gap",
    "proc_mem.force_override",
    "ibt",
    "nousershstk",
    "kpti",
    "rodata",
    "nobti",
    "nopauth",
    // Flaws of processors.
    "mitigations",
    "nospectre_v1",
    "nospectre_v2",
    "nospectre_bhb",
    "spectre_v2",
    "spectre_v2_user",
    "spectre_bhi",
    "spec_store_bypass_disable",
    "nospec_store_bypass_disable",
    "ssbd",
    "spec_rstack_overflow",
    "l1tf",
    "l1d_flush",
    "mds",
    "tsx",
    "tsx_async_abort",
    "mmio_stale_data",
    "reg_file_data_sampling",
    "gather_data_sampling",
    "indirect_target_selection",
    "tsa",
    "vmscape",
    "retbleed",
    "srbds",
    "nosmt",
    "kvm.nx_huge_pages",
    "kvm-intel.vmentry_l1d_flush",
    // Access control, integrity, audit.
    "security",
    "lsm",
    "apparmor",
    "selinux",
    "enforcing",
    "checkreqprot",
    "smack",
    "tomoyo",
    "yama.ptrace_scope",
    "lockdown",
    "module.sig_enforce",
    "modules_disabled",
    "nomodule",
    "ima",
    "ima_appraise",
    "ima_policy",
    "ima_hash",
    "evm",
    "audit",
    "audit_backlog_limit",
    "fips",
    // Devices, debugging, networks.
    "iommu",
    "iommu.passthrough",
    "iommu.strict",
    "intel_iommu",
    "amd_iommu",
    "efi",
    "debugfs",
    "kgdboc",
    "kgdbwait",
    "sysrq_always_enabled",
    "oops",
    "panic_on_warn",
    "random.trust_cpu",
    "random.trust_bootloader",
    "nousb",
    "usbcore.nousb",
    "usbcore.authorized_default",
    "ipv6.disable",
    "ipv6.disable_ipv6",
    // Switches that end every protection at once.
    "init",
    "rdinit",
    "single",
    "systemd.debug_shell",
    "systemd.debug-shell",
];

/// The words of a command line that switch protections, in order.
pub fn parse(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    words(&text).into_iter().take_while(|word| word != "--").filter(|word| is_security_switch(word)).collect()
}

/// The kernel reads `-` and `_` in a name as the same (`parameq`).
fn is_security_switch(word: &str) -> bool {
    let name = word.split_once('=').map_or(word, |(name, _)| name).replace('-', "_");
    SECURITY_SWITCHES.iter().any(|switch| switch.replace('-', "_") == name)
}

/// Words are parted by blanks; a quoted part may hold blanks (`next_arg` of the kernel).
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut is_quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            _ if letter.is_ascii_whitespace() && !is_quoted => words.push(std::mem::take(&mut word)),
            _ => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_security_switches_are_kept() {
        for (line, kept) in [
            ("BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet mitigations=off noexec=off\n", "mitigations=off noexec=off"),
            ("nosmep password=secret kvm-intel.vmentry_l1d_flush=never", "nosmep kvm-intel.vmentry_l1d_flush=never"),
            ("spec-store-bypass-disable=on", "spec-store-bypass-disable=on"),
            ("a=\"b mitigations=off\" nosmap -- nopti", "nosmap"),
            ("mitigations nomitigations x.mitigations=1", "mitigations"),
            ("", ""),
        ] {
            assert_eq!(parse(line.as_bytes()).join(" "), kept, "{line}");
        }
    }
}
