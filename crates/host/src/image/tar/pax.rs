//! PAX extended headers (POSIX.1, pax, "pax Extended Header"): records of the form `LENGTH KEY=VALUE`, one a line.

use super::sparse::PaxMap;

/// What the records of one extended header say of the entry that follows; an empty value says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Records {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<i64>,
    pub(super) uid: Option<i64>,
    pub(super) gid: Option<i64>,
    pub(super) modified: Option<i64>,
    pub(super) sparse: PaxMap,
}

impl Records {
    /// Reads the content of an extended header; the error says what is wrong with it.
    pub(super) fn parse(mut content: &[u8]) -> Result<Records, &'static str> {
        let mut records = Records::default();
        while !content.is_empty() {
            let (key, value, rest) = split_record(content).ok_or("has an extended header that is malformed")?;
            content = rest;
            records.take(key, value)?;
        }
        Ok(records)
    }

    fn take(&mut self, key: &[u8], value: &[u8]) -> Result<(), &'static str> {
        let number = || parse_decimal(value).ok_or("has an extended number that is none");
        match key {
            b"path" | b"linkpath" if value.contains(&0) => return Err("has a NUL in a name"),
            _ if value.is_empty() => self.forget(key),
            b"path" => self.path = Some(value.to_vec()),
            b"linkpath" => self.link = Some(value.to_vec()),
            b"size" => self.size = Some(number()?),
            b"uid" => self.uid = Some(number()?),
            b"gid" => self.gid = Some(number()?),
            b"mtime" => self.modified = Some(parse_time(value).ok_or("has an extended time that is none")?),
            _ => {
                if let Some(key) = key.strip_prefix(b"GNU.sparse.") {
                    self.sparse.take(key, value)?;
                }
            }
        }
        Ok(())
    }

    fn forget(&mut self, key: &[u8]) {
        match key {
            b"path" => self.path = None,
            b"linkpath" => self.link = None,
            b"size" => self.size = None,
            b"uid" => self.uid = None,
            b"gid" => self.gid = None,
            b"mtime" => self.modified = None,
            _ => {}
        }
    }
}

/// The first record's key and value, and what follows it.
fn split_record(content: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = content.iter().position(|byte| *byte == b' ')?;
    let length = usize::try_from(parse_decimal(content.get(..space)?)?).ok()?;
    let (record, rest) = content.split_at_checked(length)?;
    let record = record.get(space + 1..)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|byte| *byte == b'=').filter(|equals| *equals > 0)?;
    Some((record.get(..equals)?, record.get(equals + 1..)?, rest))
}

pub(super) fn parse_decimal(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Whole seconds, rounded down.
fn parse_time(text: &[u8]) -> Option<i64> {
    let mut parts = text.splitn(2, |byte| *byte == b'.');
    let seconds = parts.next()?;
    let fraction = parts.next().unwrap_or_default();
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let is_below = seconds.starts_with(b"-") && fraction.iter().any(|digit| *digit != b'0');
    parse_decimal(seconds)?.checked_sub(i64::from(is_below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_and_the_last_of_a_key_counts() {
        let content =
            b"10 path=a\n12 path=b c\n20 linkpath=to=here\n7 uid=\n9 gid=12\n17 comment=a\nb=\xff\n15 mtime=-1.25\n";
        let records = Records::parse(content).unwrap();
        assert_eq!(records.path, Some(b"b c".to_vec()));
        assert_eq!(records.link, Some(b"to=here".to_vec()));
        assert_eq!((records.uid, records.gid, records.modified), (None, Some(12), Some(-2)));
    }

    #[test]
    fn malformed_records_are_errors() {
        for content in [
            b"11 path=a".as_slice(),
            b"x path=a\n",
            b"-5 path=a\n",
            b"99999999999999999999 path=a\n",
            b"9 patha\n\n",
            b"5 =a\n",
            b"2 \n",
            b"0 path=a\n",
            b"12 path=a\0b\n",
            b"10 uid=x\n\n",
            b"13 mtime=1.x\n",
            b"\0\0\0\0",
        ] {
            assert!(Records::parse(content).is_err(), "{:?}", String::from_utf8_lossy(content));
        }
        assert_eq!(Records::parse(b""), Ok(Records::default()));
    }
}
