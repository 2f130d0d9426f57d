//! The matcher: evidence × database → verdicts.
