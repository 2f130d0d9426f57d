//! Findings as the API has them: lists, filters, attributes, exclusions, reports, and findings that live on.

mod attributes;
mod corpus;
mod list;
mod live;
mod reports;
mod retention;
mod service;
