//! Lines: text broken to a width between words, and inside a word that is wider than that.

use super::typeface::{Typefaces, Weight};

/// How text is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) weight: Weight,
    pub(super) size: f32,
}

/// The lines of a text. A line end in the text is one; spaces at a line's start stay, at its end they go.
pub(super) fn lines(faces: &Typefaces, text: &str, setting: Setting, width: f32) -> Vec<String> {
    let mut result = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = Line { faces, setting, width, text: String::new(), used: 0.0 };
        for word in paragraph.split_inclusive(' ') {
            line.add(word, &mut result);
        }
        result.push(line.text.trim_end().to_owned());
    }
    result
}

/// The text, or as much of it as has room on one line, with an ellipsis.
pub(super) fn fitted(faces: &Typefaces, text: &str, setting: Setting, width: f32) -> String {
    let text = text.replace('\n', " ");
    if faces.width(setting.weight, setting.size, &text) <= width {
        return text;
    }
    let mut room = width - faces.advance(setting.weight, setting.size, '\u{2026}');
    let mut result = String::new();
    for character in text.chars() {
        room -= faces.advance(setting.weight, setting.size, character);
        if room < 0.0 {
            break;
        }
        result.push(character);
    }
    result.push('\u{2026}');
    result
}

struct Line<'a> {
    faces: &'a Typefaces,
    setting: Setting,
    width: f32,
    text: String,
    used: f32,
}

impl Line<'_> {
    fn add(&mut self, word: &str, finished: &mut Vec<String>) {
        let Setting { weight, size } = self.setting;
        let needed = self.faces.width(weight, size, word.trim_end());
        if self.used + needed > self.width && !self.text.trim().is_empty() {
            self.end(finished);
        }
        for character in word.chars() {
            let advance = self.faces.advance(weight, size, character);
            let is_full = self.used + advance > self.width && !self.text.is_empty();
            if is_full && character != ' ' {
                self.end(finished);
            }
            self.text.push(character);
            self.used += advance;
        }
    }

    fn end(&mut self, finished: &mut Vec<String>) {
        finished.push(self.text.trim_end().to_owned());
        self.text.clear();
        self.used = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, width: f32, expected: &[&str]) {
        let faces = Typefaces::new().unwrap();
        let setting = Setting { weight: Weight::Regular, size: 10.0 };
        let lines = lines(&faces, text, setting, width);
        assert_eq!(lines, expected);
        for line in lines {
            let is_one = line.chars().count() == 1;
            assert!(is_one || faces.width(Weight::Regular, 10.0, &line) <= width, "{line}");
        }
    }

    #[test]
    fn lines_break_between_words_and_inside_long_ones() {
        check("", 50.0, &[""]);
        check("one two three", 40.0, &["one two", "three"]);
        check("a\n  b", 100.0, &["a", "  b"]);
        check("nnnnnnnnnn", 30.0, &["nnnn", "nnnn", "nn"]);
        check("x nnnnnnnnnn y", 30.0, &["x", "nnnn", "nnnn", "nn y"]);
        check("nn", 1.0, &["n", "n"]);
    }

    #[test]
    fn what_has_no_room_ends_in_an_ellipsis() {
        let faces = Typefaces::new().unwrap();
        let setting = Setting { weight: Weight::Bold, size: 10.0 };
        assert_eq!(fitted(&faces, "short", setting, 100.0), "short");
        let text = fitted(&faces, &"n".repeat(1000), setting, 100.0);
        assert!(text.ends_with('\u{2026}') && faces.width(Weight::Bold, 10.0, &text) <= 100.0);
    }
}
