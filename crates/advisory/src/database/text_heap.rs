//! Texts, each kept once.

use std::collections::HashMap;

use twox_hash::XxHash3_64;

use crate::AdvisoryError;

/// A heap of texts: each is its length as 32 bits and its bytes. Offset 0 is the empty text.
#[derive(Clone, Debug)]
pub(crate) struct TextHeap {
    bytes: Vec<u8>,
    /// Checksum to offset. Two texts of the same checksum are both kept; only the first is found again.
    offsets: HashMap<u64, u32>,
}

impl Default for TextHeap {
    fn default() -> TextHeap {
        TextHeap { bytes: vec![0; 4], offsets: HashMap::new() }
    }
}

impl TextHeap {
    /// The offset of a text, which is added when it is new.
    pub(crate) fn add(&mut self, text: &str) -> Result<u32, AdvisoryError> {
        if text.is_empty() {
            return Ok(0);
        }
        let hash = XxHash3_64::oneshot(text.as_bytes());
        if let Some(&offset) = self.offsets.get(&hash)
            && self.get(offset) == text
        {
            return Ok(offset);
        }
        let does_not_fit = || AdvisoryError::DoesNotFit { what: "the texts of the feed" };
        let offset = u32::try_from(self.bytes.len()).map_err(|_| does_not_fit())?;
        let length = u32::try_from(text.len()).map_err(|_| does_not_fit())?;
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
        self.offsets.entry(hash).or_insert(offset);
        Ok(offset)
    }

    /// The text at an offset that [`TextHeap::add`] gave.
    pub(crate) fn get(&self, offset: u32) -> &str {
        let start = offset as usize + 4;
        let length = self.bytes.get(offset as usize..start).and_then(|bytes| bytes.try_into().ok());
        let end = start + length.map_or(0, u32::from_le_bytes) as usize;
        self.bytes.get(start..end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// The heap's bytes, for a section.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_once() {
        let mut heap = TextHeap::default();
        let (first, second) = (heap.add("bookworm").unwrap(), heap.add("sid").unwrap());
        assert_eq!(heap.add("bookworm").unwrap(), first);
        assert_eq!((heap.get(first), heap.get(second), heap.get(0)), ("bookworm", "sid", ""));
        assert_eq!(heap.add("").unwrap(), 0);
        assert_eq!(heap.into_bytes().len(), 4 + 12 + 7);
    }
}
