//! `/etc/apk/world`: what the administrator asked for, and at which versions.
//!
//! Implements the dependencies of apk-world(5). Surprising: this is also how a package is held, by `name=version`.

use std::collections::BTreeSet;

/// The names of packages that must have exactly one version: apk upgrades none of them.
pub fn parse(bytes: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(bytes);
    text.split_whitespace().filter_map(pinned).map(str::to_owned).collect()
}

/// `name=version`, with or without `@tag`; `>=`, `<=` and `~=` leave a choice.
fn pinned(dependency: &str) -> Option<&str> {
    let (name, version) = dependency.split_once('=')?;
    let name = name.split('@').next().unwrap_or_default();
    let is_exact = !name.ends_with(['<', '>', '~', '!']) && !version.starts_with('~');
    (is_exact && !name.is_empty() && !name.starts_with('!') && !version.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_exact_version_holds() {
        let world =
            b"alpine-base\nbusybox=1.36.1-r29 openssl@edge=3.3.2-r0\nmusl>=1.2 zlib<=2 curl~=8 nginx=~1.26 !dash=1\n\
                      git~2 =1 x=\n\xff=1\n";
        assert_eq!(parse(world).into_iter().collect::<Vec<_>>(), ["busybox", "openssl", "\u{fffd}"]);
    }
}
