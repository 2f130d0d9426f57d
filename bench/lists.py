#!/usr/bin/env python3
"""Two package lists of one root directory, Syft's and Assay's as CycloneDX: the differences counted by category.

Each category says why its packages are in one list only; what fits none is counted as unexplained, with examples."""

import collections
import json
import re
import sys
import urllib.parse

SYSTEM_TYPES = {"deb", "rpm", "apk", "alpm", "opkg"}
DATABASE = re.compile(
    r"/(var/lib/dpkg|var/lib/rpm|usr/lib/sysimage/rpm|usr/share/rpm|lib/apk/db|usr/lib/apk/db|usr/lib/dpkg|usr/lib/opkg"
    r"|var/lib/opkg|var/lib/pacman)/")
LOCK = re.compile(r"/(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|Cargo\.lock|go\.mod|go\.sum|"
                  r"Gemfile\.lock|composer\.lock|poetry\.lock|uv\.lock|pdm\.lock|pylock[^/]*\.toml|Pipfile\.lock|"
                  r"[^/]*requirements[^/]*\.txt|packages\.lock\.json|packages\.config|[^/]*\.deps\.json|pom\.xml|gradle\.lockfile)$")
ARCHIVE = re.compile(r"\.(jar|war|ear|jpi|hpi|par|sar|nar|kar|lpkg)($|[:!/])")
NO_VERSION = {"", "unknown", "(devel)", "0.0.0", "0.0.0-use.local", "undefined"}
FORK = re.compile(r"git\+|github\.com[:/]|^file:|^link:|^workspace:|://")

Package = collections.namedtuple("Package", "kind name version path found_by")


def packages(document):
    """The packages of a CycloneDX document by (type, name, version), as `bench/run` compares them."""
    found = {}
    for component in json.loads(document).get("components", []):
        purl, _, subpath = component.get("purl", "").partition("#")
        purl = urllib.parse.unquote(purl.split("?")[0])
        kind = purl.split("/")[0]
        properties = {item["name"]: item.get("value", "") for item in component.get("properties", [])}
        occurrences = component.get("evidence", {}).get("occurrences", [])
        path = properties.get("syft:location:0:path") or (occurrences[0]["location"] if occurrences else "")
        if "@" in purl:
            name, version = purl.rsplit("@", 1)
            # Syft writes the end of a Go module's path as subpath, `…/go-git@v5.12.0#v5`, which others leave in the name.
            is_module = kind == "pkg:golang"
            name = f"{name}/{subpath}".strip("/").removeprefix("pkg:golang/") if is_module else name.split("/")[-1]
            key = (kind, name.lower(), version.lower())
            found.setdefault(key, Package(kind.removeprefix("pkg:"), key[1], key[2], path,
                                          properties.get("syft:package:foundBy", "")))
    return found


def plain(name):
    """PEP 503's normal form, which also serves to compare the spellings of others."""
    return re.sub(r"[-_.]+", "-", name)


def of_theirs(package, ours):
    """Why a package may be in Syft's list only; absent for what nothing explains."""
    if package.kind in SYSTEM_TYPES:
        database = DATABASE.search(package.path)
        if database and database.start() > 0:
            return "database of another system in a folder: Assay lists the packages of this root, not of roots inside it"
        return None
    if package.found_by in {"binary-classifier-cataloger", "linux-kernel-cataloger", "elf-binary-package-cataloger"}:
        return "program told by texts in its bytes: Assay takes what a package manager or build wrote down"
    if package.version in NO_VERSION:
        return "without a version: the project of the file itself, or built from no release; no advisory can be decided"
    if package.found_by in {"go-module-binary-cataloger", "cargo-auditable-binary-cataloger"}:
        return "program's own module or crate, or one that a replacement took the place of: Assay lists what it is built of"
    if package.found_by == "ruby-gemspec-cataloger":
        return "gemspec in a source tree, not in a folder of installed gems"
    if package.found_by == "dotnet-portable-executable-cataloger":
        return "version resource of a .NET file: the number of the file, which need not be that of its package"
    if FORK.search(package.version) or (package.kind != "golang" and FORK.search(package.name)):
        return "from an address or folder: not the registry's package of that name"
    if (package.kind, plain(package.name)) in ours:
        return "other version or spelling in Assay's list: the number as the file has it against the one that Syft makes of it"
    if LOCK.search(package.path):
        return "named by a lock file in a form that Assay reads otherwise (workspaces, patches, markers)"
    if ARCHIVE.search(package.path):
        return "archive without Maven's properties: both guess its name by other parts of the manifest"
    if package.kind == "github":
        return "action of a workflow: a name in a CI file, nothing that is installed"
    return None


def of_ours(package, theirs):
    """Why a package may be in Assay's list only; absent for what nothing explains."""
    if (package.kind, plain(package.name)) in theirs:
        return "other version or spelling in Syft's list"
    if package.kind in SYSTEM_TYPES:
        return None
    if ARCHIVE.search(package.path):
        return "archive inside an archive, or named by its manifest"
    if LOCK.search(package.path):
        return "lock file that Syft does not read, or reads in part"
    if package.kind == "golang":
        return "Go module in a program: its build information is read wherever the program lies"
    if package.kind == "cargo":
        return "crate in a program: what cargo-auditable wrote into it"
    return None


def explain(peer, theirs, ours):
    """The lines to print."""
    for side, one, other, why in [(f"only {peer}", theirs, ours, of_theirs), ("only assay", ours, theirs, of_ours)]:
        known = {(package.kind, plain(package.name)) for package in other.values()}
        groups = collections.defaultdict(list)
        for key in sorted(one.keys() - other.keys()):
            groups[why(one[key], known)].append(one[key])
        yield f"{side}: {sum(map(len, groups.values()))}"
        for reason, group in sorted(groups.items(), key=lambda item: (item[0] is None, -len(item[1]))):
            kinds = collections.Counter(package.kind for package in group)
            count = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
            yield f"    {len(group):6}  {reason or 'UNEXPLAINED'} ({count})"
            for package in group[:0 if reason else 12]:
                yield f"            {package.kind} {package.name} {package.version}  {package.path} {package.found_by}"


def main():
    documents = [open(path, "rb").read() for path in sys.argv[1:3]]
    if len(documents) != 2:
        sys.exit("usage: bench/lists.py SYFT.json ASSAY.json")
    for line in explain("syft", *map(packages, documents)):
        print(line)


if __name__ == "__main__":
    main()
