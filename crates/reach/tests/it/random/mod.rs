//! Random small networks: the engine against an interpreter that walks single packets, and knows nothing of the engine.

mod compare;
mod cuts;
mod interpreter;
mod plain;
mod shared;
mod write;
