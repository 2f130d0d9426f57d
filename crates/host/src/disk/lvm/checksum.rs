//! The checksum of LVM2: CRC-32 that begins elsewhere and is not turned round in the end.

const INITIAL: u32 = 0xf597_a6cf;

/// The checksum of `data`, as `calc_crc` of LVM2 has it.
pub(super) fn checksum(data: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(!INITIAL);
    hasher.update(data);
    !hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_lvm() {
        // Bytes 20 to 512 of the label that `pvcreate` wrote, of which the zeros at the end are left out here.
        let mut sector = b"\x20\0\0\0LVM2 001f0Gnauca9qBG8ASDXeauz3FW7n9z1MH3\0\0\x80\x0c\0\0\0\0".to_vec();
        for (place, value) in [(52, 0x10_0000_u64), (84, 0x1000), (92, 0xf_f000), (116, 2), (120, 1)] {
            sector.resize(place, 0);
            sector.extend(value.to_le_bytes());
        }
        sector.truncate(124);
        sector.resize(492, 0);
        assert_eq!(checksum(&sector), 0x1a12_f8a2);
    }
}
