//! Addresses of repositories without what must not be kept.

/// An address longer than this is cut: none that works is.
const MAX_ADDRESS: usize = 2048;

/// The address without user, password, query and fragment.
///
/// Where it is malformed, rather too much is left out: a password that holds a `?` must not be taken for a query, nor one
/// after a single slash for a path.
pub fn without_secrets(address: &str) -> String {
    let address: String = address.chars().filter(|letter| !letter.is_control()).collect();
    let mut cleaned = String::with_capacity(address.len());
    let mut may_be_host = true;
    for (position, part) in address.split('/').enumerate() {
        if position > 0 {
            cleaned.push('/');
        }
        let host = part.rsplit_once('@').map(|(_, host)| host).filter(|_| may_be_host);
        let kept = host.unwrap_or(part);
        cleaned.push_str(kept);
        // The part after a scheme is the host, whatever the number of slashes between them.
        may_be_host = if kept.is_empty() { may_be_host } else { kept.ends_with(':') };
    }
    let before = cleaned.split(['?', '#']).next().unwrap_or_default();
    before.chars().take(MAX_ADDRESS).collect()
}

/// A repository's name as it may be kept: by mistake it may be an address.
pub(super) fn clean_id(id: &str) -> String {
    if id.contains(":/") { without_secrets(id) } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out() {
        for (address, cleaned) in [
            ("http://deb.debian.org/debian", "http://deb.debian.org/debian"),
            ("https://bearer:s3cret@esm.ubuntu.com/apps/ubuntu", "https://esm.ubuntu.com/apps/ubuntu"),
            ("https://token@apt.example.com/", "https://apt.example.com/"),
            ("https://u:p@ss@host:8443/a", "https://host:8443/a"),
            ("https://u:p?w#x@host/a", "https://host/a"),
            ("https://host/a?token=s3cret&b#c", "https://host/a"),
            ("https://host/a#s3cret", "https://host/a"),
            ("https://host?token=s3cret", "https://host"),
            ("https://copr.example.org/results/@group/x/", "https://copr.example.org/results/@group/x/"),
            ("user:s3cret@host/path", "host/path"),
            ("mirror+https://u:p@host/list", "mirror+https://host/list"),
            ("file:/srv/packages", "file:/srv/packages"),
            ("file:///srv/packages", "file:///srv/packages"),
            ("cdrom:[Debian 12]/", "cdrom:[Debian 12]/"),
            ("/media/cdrom/apks", "/media/cdrom/apks"),
            ("s3cret@x://host/a", "x://host/a"),
            ("a@://s3cret@c://s3cret@d/e", "://c://d/e"),
            ("//user:s3cret@host/a", "//host/a"),
            ("https:\u{1}//user:s3cret@host/a", "https://host/a"),
            ("https:/user:s3cret@host/a", "https:/host/a"),
            ("https:///user:s3cret@host/a", "https:///host/a"),
            ("/srv/a@b/c", "/srv/a@b/c"),
            ("http://a\u{1b}[31m/b", "http://a[31m/b"),
            ("", ""),
        ] {
            assert_eq!(without_secrets(address), cleaned, "{address}");
            assert!(!without_secrets(address).contains("s3cret"));
        }
        assert_eq!(clean_id("https://u:s3cret@host/x"), "https://host/x");
        assert_eq!(clean_id("copr:copr.example.org:@group:x"), "copr:copr.example.org:@group:x");
        assert_eq!(without_secrets(&"é".repeat(1_000_000)).chars().count(), MAX_ADDRESS);
    }
}
