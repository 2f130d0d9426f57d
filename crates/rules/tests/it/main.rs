//! Tests of the rule language through its public interface.

mod embedded;
