//! The structure of the document for screen readers (PDF 1.7 §14.8): nodes that the texts of pages belong to.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// A node, by its place in the order of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(usize);

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Role {
    Heading { level: u8, text: String },
    Paragraph,
    Contents,
    ContentsItem,
    Link,
    Table,
    Row,
    ColumnHeader,
    RowHeader,
    Cell,
}

/// All nodes.
#[derive(Debug, Default)]
pub(super) struct Structure {
    nodes: Vec<(Role, Option<NodeId>)>,
}

impl Structure {
    pub(super) fn add(&mut self, role: Role, parent: Option<NodeId>) -> NodeId {
        self.nodes.push((role, parent));
        NodeId(self.nodes.len() - 1)
    }

    /// The tree, with what was drawn for each node. A node has either nodes below it or content, in order of reading.
    pub(super) fn into_tree(self, contents: Vec<(NodeId, Identifier)>) -> TagTree {
        let mut own: Vec<Vec<Node>> = vec![Vec::new(); self.nodes.len()];
        for (NodeId(index), identifier) in contents {
            if let Some(list) = own.get_mut(index) {
                list.push(Node::Leaf(identifier));
            }
        }
        let mut tree = TagTree::new().with_lang(Some("en".to_owned()));
        // A parent comes before its children, so from the end on every node is complete when it is taken.
        let mut roots = Vec::new();
        for (index, (role, parent)) in self.nodes.into_iter().enumerate().rev() {
            let mut children = own.pop().unwrap_or_default();
            // Nodes below it were added from the last to the first, after its own content.
            let content = children.iter().take_while(|child| matches!(child, Node::Leaf(_))).count();
            if let Some(below) = children.get_mut(content..) {
                below.reverse();
            }
            if children.is_empty() {
                continue;
            }
            debug_assert!(own.len() == index);
            let group = Node::Group(TagGroup::with_children(role.tag(), children));
            match parent.and_then(|NodeId(parent)| own.get_mut(parent)) {
                Some(list) => list.push(group),
                None => roots.push(group),
            }
        }
        roots.into_iter().rev().for_each(|root| tree.push(root));
        tree
    }
}

impl Role {
    fn tag(self) -> TagKind {
        match self {
            Role::Heading { level, text } => {
                Tag::Hn(NonZeroU16::new(u16::from(level)).unwrap_or(NonZeroU16::MIN), Some(text)).into()
            }
            Role::Paragraph => Tag::P.into(),
            Role::Contents => Tag::TOC.into(),
            Role::ContentsItem => Tag::TOCI.into(),
            Role::Link => Tag::Link.into(),
            Role::Table => Tag::Table.into(),
            Role::Row => Tag::TR.into(),
            Role::ColumnHeader => Tag::TH(TableHeaderScope::Column).into(),
            Role::RowHeader => Tag::TH(TableHeaderScope::Row).into(),
            Role::Cell => Tag::TD.into(),
        }
    }
}
