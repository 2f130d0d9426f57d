//! The limits within which rules are read and evaluated.
//!
//! CEL has no loops, and yet a chain of `map` calls over list literals can grow its result exponentially: a bound on the
//! length of an expression is no bound on its cost, so evaluation counts what it produces (`MAX_STEPS`).

/// Largest rule file, in bytes.
pub const MAX_FILE_BYTES: u64 = 256 * 1024;

/// Deepest nesting of a rule file, and most YAML nodes in one.
pub const YAML: assay_yaml::Limits = assay_yaml::Limits { nodes: 20_000, depth: 24 };

/// Most rules in one rules package.
pub const MAX_RULES: usize = 5_000;

/// Longest CEL expression, in bytes.
pub const MAX_EXPRESSION_BYTES: usize = 2_000;

/// Deepest nesting of a CEL expression's syntax tree.
pub const MAX_EXPRESSION_DEPTH: usize = 48;

/// Deepest nesting of comprehensions (`all`, `exists`, `map`, `filter`) in each other's bodies.
pub const MAX_COMPREHENSION_DEPTH: usize = 2;

/// Most steps of one expression: one for each element that a comprehension visits, and one for each value that it,
/// a list, a map or a `+` produces. They take about half a second at worst.
pub const MAX_STEPS: u64 = 500_000;

/// Most items shown of one list of evidence.
pub const MAX_SHOWN_ITEMS: usize = 20;

/// Longest text of one value in a trace or an evidence item, in characters.
pub const MAX_SHOWN_CHARS: usize = 200;

/// Most parts that a condition is taken apart into.
pub const MAX_PARTS: usize = 80;
