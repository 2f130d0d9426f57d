//! CRC-32C (Castagnoli), the checksum of ext4, jbd2 and xfs.

/// The reflected polynomial.
const POLYNOMIAL: u32 = 0x82f6_3b78;

const TABLE: [u32; 256] = table();

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks it")]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = index as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ POLYNOMIAL } else { value >> 1 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
}

/// The register after `bytes`, neither inverted before nor after, as `crc32c()` of the kernel.
pub(crate) fn update(register: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(register, |value, byte| {
        let index = (value as u8) ^ byte;
        TABLE.get(usize::from(index)).copied().unwrap_or_default() ^ (value >> 8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_catalogue() {
        assert_eq!(!update(!0, b"123456789"), 0xe306_9283);
    }
}
