//! Pages to bytes: krilla draws the items, and gets bookmarks, tags and metadata.

use assay_model::Timestamp;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier};

use super::super::document::Document;
use super::super::sections::document;
use super::super::{ReportKind, RunReport};
use super::blocks::{block, contents};
use super::cover::cover;
use super::layout::{Bookmark, Colour, Item, Layout, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, RULE, SOFT, TEXT_WIDTH, Words};
use super::structure::NodeId;
use super::typeface::{Typefaces, Weight};
use super::wrap::{Setting, fitted};
use crate::ReportError;

/// Size of the footer, and where it stands.
const FOOTER: f32 = 7.5;
const FOOTER_BASELINE: f32 = PAGE_HEIGHT - 34.0;
/// Bookmarks of a level below this are folded.
const OPEN_LEVELS: u8 = 1;

/// The report as PDF. Equal reports have equal bytes.
///
/// # Errors
///
/// [`ReportError::Typeset`] when the document has more than PDF can hold, for example too many objects.
pub fn pdf(report: &RunReport, kind: ReportKind) -> Result<Vec<u8>, ReportError> {
    let failed = |why: String| ReportError::Typeset { why };
    let document = document(report, kind);
    let faces = Typefaces::new().ok_or_else(|| failed("the embedded fonts cannot be read".to_owned()))?;
    let mut layout = Layout::new(&faces);
    cover(&mut layout, &document);
    contents(&mut layout, &document);
    for it in &document.blocks {
        block(&mut layout, it);
    }
    let author = faces.printable(&report.product_name);
    write(layout, &document, author).map_err(|error| failed(format!("{error:?}")))
}

fn write(layout: Layout<'_>, document: &Document, author: String) -> krilla::error::KrillaResult<Vec<u8>> {
    let Layout { faces, structure, pages, anchors, bookmarks, .. } = layout;
    let mut pdf = krilla::Document::new();
    let total = pages.len();
    let footer = faces.printable(&document.footer);
    let mut drawn = Vec::new();
    for (index, items) in pages.into_iter().enumerate() {
        let Some(settings) = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT) else { continue };
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        let mut artist = Artist { faces, surface: &mut surface, open: None, drawn: &mut drawn };
        for item in &items {
            artist
                .item(item, |anchor| anchors.get(anchor).map_or_else(String::new, |(page, _)| (page + 1).to_string()));
        }
        if index > 0 {
            artist.footer(&footer, &format!("Page {} of {total}", index + 1));
        }
        artist.close();
        surface.finish();
        for item in items {
            let Item::Link { x, y, width, height, anchor, text, node } = item else { continue };
            let (Some((target, top)), Some(place)) = (anchors.get(&anchor), Rect::from_xywh(x, y, width, height))
            else {
                continue;
            };
            let destination = XyzDestination::new(*target, Point::from_xy(0.0, (top - 12.0).max(0.0)));
            let link = LinkAnnotation::new(place, Target::Destination(destination.into()));
            drawn.push((node, page.add_tagged_annotation(Annotation::new_link(link, Some(text)))));
        }
        page.finish();
    }
    pdf.set_tag_tree(structure.into_tree(drawn));
    pdf.set_outline(outline(&bookmarks));
    pdf.set_metadata(metadata(document, faces, author));
    pdf.finish()
}

fn metadata(document: &Document, faces: &Typefaces, author: String) -> Metadata {
    let title = faces.printable(&format!("{}: {}", document.title, document.subtitle));
    Metadata::new()
        .title(title)
        .description(faces.printable(&document.footer))
        .keywords(vec!["security".to_owned(), "assessment".to_owned()])
        .language("en".to_owned())
        .authors(vec![author.clone()])
        .creator(format!("{author} {}", env!("CARGO_PKG_VERSION")))
        .creation_date(date(document.generated_at))
}

fn date(at: Timestamp) -> DateTime {
    let part = |format: &str| at.strftime(format).to_string();
    let number = |format: &str| part(format).parse::<u8>().unwrap_or_default();
    DateTime::new(part("%Y").parse().unwrap_or_default())
        .month(number("%m"))
        .day(number("%d"))
        .hour(number("%H"))
        .minute(number("%M"))
        .second(number("%S"))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

/// Bookmarks as a tree: each below the last one of a smaller level.
fn outline(bookmarks: &[Bookmark]) -> Outline {
    let mut outline = Outline::new();
    let mut rest = bookmarks;
    while let Some((first, after)) = rest.split_first() {
        let below = after.iter().take_while(|it| it.level > first.level).count();
        let (children, next) = after.split_at(below);
        outline.push_child(outline_node(first, children));
        rest = next;
    }
    outline
}

fn outline_node(bookmark: &Bookmark, mut rest: &[Bookmark]) -> OutlineNode {
    let place = Point::from_xy(0.0, (bookmark.y - 12.0).max(0.0));
    let mut node = OutlineNode::new(bookmark.text.clone(), XyzDestination::new(bookmark.page, place))
        .with_open(bookmark.level <= OPEN_LEVELS);
    while let Some((first, after)) = rest.split_first() {
        let below = after.iter().take_while(|it| it.level > first.level).count();
        let (children, next) = after.split_at(below);
        node.push_child(outline_node(first, children));
        rest = next;
    }
    node
}

/// Draws on one page, and keeps texts of one node in one marked part.
struct Artist<'a, 'b> {
    faces: &'a Typefaces,
    surface: &'a mut Surface<'b>,
    /// The part that is open: of a node, or decoration.
    open: Option<Option<NodeId>>,
    drawn: &'a mut Vec<(NodeId, Identifier)>,
}

impl Artist<'_, '_> {
    fn item(&mut self, item: &Item, number: impl Fn(&str) -> String) {
        match item {
            Item::Text { x, baseline, setting, colour, words, node } => {
                self.begin(*node, ArtifactType::Other);
                match words {
                    Words::Text(text) => self.text(*x, *baseline, *setting, *colour, text),
                    Words::PageOf(anchor) => {
                        let text = number(anchor);
                        let x = x - self.faces.width(setting.weight, setting.size, &text);
                        self.text(x, *baseline, *setting, *colour, &text);
                    }
                }
            }
            Item::Bar { x, y, width, height, colour } => {
                self.begin(None, ArtifactType::Layout);
                self.bar(*x, *y, *width, *height, *colour);
            }
            Item::Link { .. } => {}
        }
    }

    fn begin(&mut self, node: Option<NodeId>, kind: ArtifactType) {
        if self.open == Some(node) && node.is_some() {
            return;
        }
        self.close();
        match node {
            Some(id) => {
                let identifier = self.surface.start_tagged(ContentTag::Other);
                self.drawn.push((id, identifier));
            }
            None => {
                self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
            }
        }
        self.open = Some(node);
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.surface.end_tagged();
        }
    }

    fn text(&mut self, x: f32, baseline: f32, setting: Setting, colour: Colour, text: &str) {
        let glyphs = self.faces.glyphs(setting.weight, text);
        if glyphs.is_empty() {
            return;
        }
        self.fill(colour);
        let font = self.faces.font(setting.weight);
        self.surface.draw_glyphs(Point::from_xy(x, baseline), &glyphs, font, text, setting.size, false);
    }

    fn bar(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Colour) {
        let Some(rectangle) = Rect::from_xywh(x, y, width, height) else { return };
        let mut path = PathBuilder::new();
        path.push_rect(rectangle);
        if let Some(path) = path.finish() {
            self.fill(colour);
            self.surface.draw_path(&path);
        }
    }

    fn fill(&mut self, (red, green, blue): Colour) {
        self.surface.set_fill(Some(Fill {
            paint: rgb::Color::new(red, green, blue).into(),
            opacity: NormalizedF32::ONE,
            rule: krilla::paint::FillRule::NonZero,
        }));
    }

    fn footer(&mut self, text: &str, number: &str) {
        let setting = Setting { weight: Weight::Regular, size: FOOTER };
        self.begin(None, ArtifactType::Footer);
        self.bar(MARGIN, FOOTER_BASELINE - 14.0, TEXT_WIDTH, 0.5, RULE);
        let width = self.faces.width(Weight::Regular, FOOTER, number);
        let text = fitted(self.faces, text, setting, TEXT_WIDTH - width - 16.0);
        self.text(MARGIN, FOOTER_BASELINE, setting, SOFT, &text);
        self.text(MARGIN + TEXT_WIDTH - width, FOOTER_BASELINE, setting, SOFT, number);
    }
}
