//! Pages while they are laid out: a place that moves down, and what was put on each page. Lengths are points, y grows
//! downwards from the top of the page (A4).

use std::collections::BTreeMap;

use super::structure::{NodeId, Role, Structure};
use super::typeface::{Typefaces, Weight};
use super::wrap::Setting;

pub(super) const PAGE_WIDTH: f32 = 595.28;
pub(super) const PAGE_HEIGHT: f32 = 841.89;
/// Left and right of the text.
pub(super) const MARGIN: f32 = 56.0;
pub(super) const TEXT_WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;
pub(super) const TOP: f32 = 58.0;
/// Where text ends; the footer is below.
pub(super) const BOTTOM: f32 = PAGE_HEIGHT - 66.0;
/// Height of a line, in font sizes, and how far down in it letters stand.
const LINE_HEIGHT: f32 = 1.42;
const BASELINE: f32 = 1.06;

/// Red, green, blue.
pub(super) type Colour = (u8, u8, u8);
pub(super) const TEXT: Colour = (27, 29, 31);
pub(super) const SOFT: Colour = (84, 90, 96);
pub(super) const RULE: Colour = (214, 216, 214);
pub(super) const ACCENT: Colour = (18, 52, 86);
pub(super) const LINK: Colour = (11, 83, 148);
pub(super) const WHITE: Colour = (255, 255, 255);

/// What a text of a page says.
#[derive(Clone, Debug)]
pub(super) enum Words {
    /// This.
    Text(String),
    /// The number of the page that has an anchor; it ends where a text would begin.
    PageOf(String),
}

/// Something on a page.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// One line of text; without a node it is decoration.
    Text { x: f32, baseline: f32, setting: Setting, colour: Colour, words: Words, node: Option<NodeId> },
    /// A filled rectangle.
    Bar { x: f32, y: f32, width: f32, height: f32, colour: Colour },
    /// A place to click on.
    Link { x: f32, y: f32, width: f32, height: f32, anchor: String, text: String, node: NodeId },
}

/// A bookmark.
#[derive(Clone, Debug)]
pub(super) struct Bookmark {
    pub(super) level: u8,
    pub(super) text: String,
    pub(super) page: usize,
    pub(super) y: f32,
}

/// The document so far.
pub(super) struct Layout<'a> {
    pub(super) faces: &'a Typefaces,
    pub(super) structure: Structure,
    pub(super) pages: Vec<Vec<Item>>,
    /// Where anchors are: page, counted from 0, and place on it.
    pub(super) anchors: BTreeMap<String, (usize, f32)>,
    pub(super) bookmarks: Vec<Bookmark>,
    /// Where the next thing goes.
    pub(super) y: f32,
}

pub(super) fn line_height(size: f32) -> f32 {
    size * LINE_HEIGHT
}

impl<'a> Layout<'a> {
    /// With one empty page.
    pub(super) fn new(faces: &'a Typefaces) -> Layout<'a> {
        Layout {
            faces,
            structure: Structure::default(),
            pages: vec![Vec::new()],
            anchors: BTreeMap::new(),
            bookmarks: Vec::new(),
            y: TOP,
        }
    }

    pub(super) fn new_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Whether the page has so much room left.
    pub(super) fn has_room(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    /// Goes to a new page where so much does not fit, unless it is on a fresh one.
    pub(super) fn make_room(&mut self, height: f32) {
        if !self.has_room(height) && self.y > TOP {
            self.new_page();
        }
    }

    /// The last page, counted from 0.
    pub(super) fn page(&self) -> usize {
        self.pages.len() - 1
    }

    pub(super) fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    pub(super) fn node(&mut self, role: Role, parent: Option<NodeId>) -> NodeId {
        self.structure.add(role, parent)
    }

    pub(super) fn bar(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Colour) {
        self.put(Item::Bar { x, y, width, height, colour });
    }

    /// One line whose top is at `y`.
    pub(super) fn line(
        &mut self,
        x: f32,
        y: f32,
        setting: Setting,
        colour: Colour,
        text: String,
        node: Option<NodeId>,
    ) {
        if text.is_empty() {
            return;
        }
        let baseline = y + setting.size * BASELINE;
        self.put(Item::Text { x, baseline, setting, colour, words: Words::Text(text), node });
    }

    /// One line that ends at `right`.
    pub(super) fn line_to(
        &mut self,
        right: f32,
        y: f32,
        setting: Setting,
        colour: Colour,
        text: String,
        node: Option<NodeId>,
    ) {
        let x = right - self.faces.width(setting.weight, setting.size, &text);
        self.line(x, y, setting, colour, text, node);
    }

    /// The number of the page that has an anchor, ending at `right`.
    pub(super) fn page_of(&mut self, right: f32, y: f32, size: f32, anchor: &str, node: Option<NodeId>) {
        let setting = Setting { weight: Weight::Regular, size };
        let baseline = y + size * BASELINE;
        let words = Words::PageOf(anchor.to_owned());
        self.put(Item::Text { x: right, baseline, setting, colour: SOFT, words, node });
    }

    /// A place to click on, over text that belongs to the same node.
    #[expect(clippy::too_many_arguments, reason = "a rectangle and what it is for")]
    pub(super) fn link(
        &mut self,
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        anchor: &str,
        lines: &[String],
        node: NodeId,
    ) {
        self.put(Item::Link { x, y, width, height, anchor: anchor.to_owned(), text: lines.join(" "), node });
    }

    /// Text over the whole width, line by line, over pages where it must.
    pub(super) fn paragraph(&mut self, text: &str, size: f32, colour: Colour, space_after: f32) {
        let setting = Setting { weight: Weight::Regular, size };
        let text = self.faces.printable(text);
        let node = self.node(Role::Paragraph, None);
        for line in super::wrap::lines(self.faces, &text, setting, TEXT_WIDTH) {
            self.make_room(line_height(size));
            self.line(MARGIN, self.y, setting, colour, line, Some(node));
            self.y += line_height(size);
        }
        self.y += space_after;
    }
}
