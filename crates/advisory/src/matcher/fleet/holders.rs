//! Holders: which hosts have a package, and where in their lists; two or three bytes for each.

/// A host that has a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    /// The number of the host in the fleet.
    pub(super) host: usize,
    /// The package's place in the host's list.
    pub(super) position: usize,
}

/// Holders in the order of their numbers. Each is two numbers of seven bits a byte, the lowest first (LEB128): how far
/// its host is from the holder's before, and its position.
#[derive(Clone, Debug, Default)]
pub(super) struct Holders {
    bytes: Vec<u8>,
    last_host: usize,
}

impl Holders {
    /// Adds a holder; its host is the last one's or a later one.
    pub(super) fn push(&mut self, holder: Holder) {
        self.push_number(holder.host - self.last_host);
        self.push_number(holder.position);
        self.last_host = holder.host;
    }

    fn push_number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Holder> {
        let mut numbers = self.bytes.split_inclusive(|byte| byte & 0x80 == 0).map(number);
        let mut host = 0;
        std::iter::from_fn(move || {
            host += numbers.next()?;
            Some(Holder { host, position: numbers.next()? })
        })
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holders_come_back_as_they_went_in() {
        let all = [
            (0, 0),
            (0, 1),
            (127, 128),
            (128, 127),
            (16_383, 16_384),
            (2_113_664, 2_097_151),
            (usize::MAX, usize::MAX),
        ];
        let all = all.map(|(host, position)| Holder { host, position });
        let mut holders = Holders::default();
        all.into_iter().for_each(|holder| holders.push(holder));
        assert_eq!(holders.iter().collect::<Vec<_>>(), all);
        assert_eq!(Holders::default().iter().next(), None);
    }
}
