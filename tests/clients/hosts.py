"""Two hosts for tests: root directories with configuration of their own, each in a network namespace of its own.

All of it is in namespaces that the test makes, and is gone when it ends.
"""

import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile

FOLDER = os.environ.get("ASSAY_TEST_FOLDER")
BRIDGE = "10.231.77.1"
SHARED_FOLDERS = ["usr", "bin", "sbin", "lib", "lib64", "var/lib/dpkg"]
WEAK_SSHD = "PermitRootLogin yes\nPasswordAuthentication yes\nProtocol 1\n"
CLEAN_SSHD = "PermitRootLogin no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
LOGIN_DEFS = "PASS_MAX_DAYS {}\nPASS_MIN_DAYS 1\nENCRYPT_METHOD YESCRYPT\n"
PASSWORD = "password requisite pam_pwquality.so retry=3\npassword [success=1 default=ignore] pam_unix.so use_authtok yescrypt\n"
QUALITY = "minlen = 14\ndcredit = -1\nucredit = -1\nlcredit = -1\nocredit = -1\n"


def in_own_namespaces():
    """Runs this program again where its network and mounts are its own, unless it is there already.

    There, `FOLDER` is a file system in memory, which goes with the namespace. Nothing in it is ever deleted: folders of this
    machine are mounted below it.
    """
    if FOLDER:
        return
    folder = tempfile.mkdtemp(prefix="assay-story-")
    environment = {**os.environ, "ASSAY_TEST_FOLDER": folder}
    code = subprocess.run(["unshare", "--net", "--mount", sys.executable, *sys.argv], env=environment).returncode
    os.rmdir(folder)
    sys.exit(code)


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def make_network():
    """A bridge that hosts are tied to, and that this program is on."""
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "tmpfs", "tmpfs", FOLDER)
    pathlib.Path("/run/netns").mkdir(exist_ok=True)
    run("mount", "-t", "tmpfs", "tmpfs", "/run/netns")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "br0", "type", "bridge")
    run("ip", "address", "add", f"{BRIDGE}/24", "dev", "br0")
    run("ip", "link", "set", "br0", "up")


class Host:
    """A root directory whose programs are this machine's and whose configuration is its own."""

    def __init__(self, number, name, *, is_weak, assay):
        self.root, self.name, self.address = pathlib.Path(FOLDER, name), name, f"10.231.77.{number + 1}"
        self.process = None
        for path in SHARED_FOLDERS:
            if (source := pathlib.Path("/", path)).is_symlink():
                (self.root / path).symlink_to(source.readlink())
            elif source.is_dir():
                (self.root / path).mkdir(parents=True, exist_ok=True)
                run("mount", "--bind", source, self.root / path)
                run("mount", "-o", "remount,bind,ro", self.root / path)
        for path in ("proc", "sys", "dev", "tmp", "run", "var/log", "etc/ssh", "etc/pam.d", "etc/security", "root", "opt"):
            (self.root / path).mkdir(parents=True, exist_ok=True)
        for device, minor in (("null", 3), ("zero", 5), ("urandom", 9)):
            os.mknod(self.root / "dev" / device, stat.S_IFCHR | 0o666, os.makedev(1, minor))
        etc = self.root / "etc"
        shutil.copy("/etc/os-release", etc / "os-release")
        for file in ("passwd", "group", "debian_version", "ld.so.cache"):
            if pathlib.Path("/etc", file).exists():
                shutil.copy(f"/etc/{file}", etc / file)
        (etc / "hostname").write_text(name + "\n")
        (etc / "machine-id").write_text(f"{number:032x}\n")
        (etc / "ssh/sshd_config").write_text(WEAK_SSHD if is_weak else CLEAN_SSHD)
        (etc / "login.defs").write_text(LOGIN_DEFS.format(99999 if is_weak else 60))
        (etc / "pam.d/common-password").write_text("password required pam_unix.so\n" if is_weak else PASSWORD)
        (etc / "security/pwquality.conf").write_text("" if is_weak else QUALITY)
        self.assay = self.root / "opt/assay"
        shutil.copy(assay, self.assay)
        run("ip", "netns", "add", name)
        run("ip", "link", "add", f"v{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
        run("ip", "link", "set", f"v{number}", "master", "br0", "up")
        run("ip", "-n", name, "link", "set", "lo", "up")
        run("ip", "-n", name, "address", "add", f"{self.address}/24", "dev", "eth0")
        run("ip", "-n", name, "link", "set", "eth0", "up")

    def command(self, *words):
        """A command inside: its own processes, its own network, its own files."""
        script = 'hostname "$1"; mount -t proc proc "$2/proc"; root=$2; shift 2; exec chroot "$root" "$@"'
        return ["ip", "netns", "exec", self.name, "unshare", "--pid", "--fork", "--uts", "--mount", "--kill-child",
                "sh", "-c", script, "sh", self.name, str(self.root), "/opt/assay", "--data", "/opt/data", *words]

    def enroll(self, server, token, fingerprint):
        told = subprocess.run(
            self.command("agent", "enroll", "--server", server, "--token", token, "--ca-fingerprint", fingerprint,
                         "--no-metadata", "--tag", "Name=" + self.name, "--tag", "fleet=story"),
            capture_output=True, stdin=subprocess.DEVNULL, text=True, timeout=120)
        if told.returncode:
            raise AssertionError(f"{self.name} cannot enrol: {told.stderr}")

    def start(self):
        self.log = (self.root / "var/log/agent").open("ab")
        self.process = subprocess.Popen(self.command("agent", "run", "--no-metadata"), stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)

    def kill(self):
        """As a power cut would end it."""
        if self.process:
            self.process.kill()
            self.process.wait(timeout=30)
            self.log.close()
            self.process = None
