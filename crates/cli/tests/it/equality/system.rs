//! What the operating system is set up with: accounts, sshd, PAM, kernels, kernel parameters, mounts, permissions.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::specimen::{mode, owner, put};

const FILES: &[(&str, &str)] = &[
    ("etc/hostname", "equal\n"),
    (
        "etc/passwd",
        "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\nme:x:1000:1000:Me:/home/me:/bin/sh\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\nbroken\n",
    ),
    ("etc/group", "root:x:0:\nshadow:x:42:\nme:x:1000:\nsudo:x:27:me\n"),
    ("etc/shadow", "root:*:19000:0:99999:7:::\ntoor:!:19000:0:99999:7:::\nme:$6$salt$hash:19000:0:99999:7:::\n"),
    ("etc/login.defs", "PASS_MAX_DAYS 99999\nENCRYPT_METHOD SHA512\n"),
    (
        "etc/pam.d/common-password",
        "password requisite pam_pwquality.so retry=3 minlen=8\npassword [success=1 default=ignore] pam_unix.so obscure yescrypt\n",
    ),
    ("etc/pam.d/system-auth", "auth required pam_unix.so\npassword required pam_unix.so sha512\n"),
    ("etc/security/pwquality.conf", "minlen = 12\n# dcredit = -1\n"),
    ("etc/security/pwquality.conf.d/local.conf", "dcredit = -1\n"),
    (
        "etc/ssh/sshd_config",
        "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\nMatch User me\n  X11Forwarding yes\nMatch all\nNonsense 1\n",
    ),
    ("etc/ssh/sshd_config.d/10-local.conf", "PasswordAuthentication no\nPort 2222\n"),
    ("etc/sysctl.conf", "net.ipv4.ip_forward = 1\n"),
    ("etc/sysctl.d/60-local.conf", "kernel.randomize_va_space = 1\nbroken line\n"),
    ("usr/lib/sysctl.d/50-default.conf", "kernel.randomize_va_space = 2\nnet.ipv4.conf.*.rp_filter = 2\n"),
    (
        "etc/fstab",
        "LABEL=root / ext4 errors=remount-ro 0 1\nLABEL=home /home ext4 nodev,nosuid 0 2\ntmpfs /tmp tmpfs nosuid 0 0\nbroken\nproc /proc proc defaults 0 0\n",
    ),
    ("usr/bin/su", "set user"),
    ("usr/bin/wall", "set group"),
    ("usr/local/bin/writable", "everybody may write"),
    ("etc/cron.d/job", "* * * * * root true\n"),
    ("home/me/notes", "mine"),
    ("root/.profile", ""),
];

/// Puts them below the root.
pub(super) fn add(root: &Path) {
    for (path, content) in FILES {
        put(root, path, content.as_bytes());
    }
    for directory in ["dev", "proc", "sys", "run", "tmp", "var/tmp", "var/log", "usr/sbin", "usr/lib"] {
        fs::create_dir_all(root.join(directory)).unwrap();
    }
    for (path, bits) in [
        ("usr/bin/su", 0o4755),
        ("usr/bin/wall", 0o2755),
        ("usr/local/bin/writable", 0o777),
        ("etc/shadow", 0o640),
        ("etc/ssh", 0o775),
        ("tmp", 0o1777),
        ("var/tmp", 0o1777),
        ("root", 0o700),
    ] {
        mode(root, path, bits);
    }
    owner(root, "etc/shadow", 0, 42);
    // More than 16 bits, as user namespaces have.
    owner(root, "etc/cron.d/job", 100_001, 70_042);
    owner(root, "usr/lib/sysctl.d", 1000, 1000);
    owner(root, "home/me", 1000, 1000);
    fs::hard_link(root.join("usr/bin/su"), root.join("usr/bin/su-again")).unwrap();
    symlink("../sysctl.conf", root.join("etc/sysctl.d/99-sysctl.conf")).unwrap();
    symlink("/etc/ssh/../ssh/sshd_config", root.join("etc/ssh/absolute-link")).unwrap();
    symlink("loop", root.join("usr/local/bin/loop")).unwrap();
    symlink("nothing", root.join("usr/local/bin/dangling")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        root.join("usr/local/bin/pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    // A directory whose name is no UTF-8, with a lock file that cannot be reached by any path that is one.
    let odd = root.join("usr/local/lib").join(std::ffi::OsStr::from_bytes(b"odd\xff"));
    fs::create_dir_all(&odd).unwrap();
    fs::write(odd.join("Cargo.lock"), "").unwrap();
}

/// What only Debian has.
pub(super) fn add_debian(root: &Path) {
    for (path, content) in [
        (
            "var/lib/dpkg/info/python3-six.list",
            "/.\n/usr\n/usr/lib/python3/dist-packages/six-1.16.0.dist-info\n/usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA\n",
        ),
        ("var/lib/dpkg/info/openssh-server.list", "/.\n/usr\n/usr/sbin\n/usr/sbin/sshd\n"),
        ("var/lib/dpkg/info/linux-image-6.1.0-37-amd64.list", "/.\n/boot\n/boot/vmlinuz-6.1.0-37-amd64\n"),
        ("var/lib/dpkg/diversions", ""),
        (
            "var/log/dpkg.log",
            "2025-06-01 10:00:00 upgrade openssl:amd64 3.0.15-1~deb12u1 3.0.16-1~deb12u1\n2025-06-01 10:00:01 status installed openssl:amd64 3.0.16-1~deb12u1\n",
        ),
        ("etc/apt/sources.list", "deb http://deb.debian.org/debian bookworm main # comment\n"),
        (
            "etc/apt/sources.list.d/security.sources",
            "Types: deb\nURIs: http://security.debian.org/debian-security\nSuites: bookworm-security\nComponents: main\n",
        ),
        ("var/lib/apt/extended_states", "Package: zlib1g\nArchitecture: amd64\nAuto-Installed: 1\n\n"),
        (
            "boot/grub/grub.cfg",
            "set default=\"0\"\nmenuentry 'Debian' {\n  linux /boot/vmlinuz-6.1.0-37-amd64 root=/dev/sda1 ro quiet\n}\n",
        ),
        ("boot/vmlinuz-6.1.0-37-amd64", "image"),
        ("boot/vmlinuz-6.1.0-40-amd64", "image"),
        ("etc/default/grub", "GRUB_CMDLINE_LINUX=\"mitigations=off\"\n"),
    ] {
        put(root, path, content.as_bytes());
    }
}
