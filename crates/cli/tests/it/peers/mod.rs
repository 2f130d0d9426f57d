//! Other programs, asked about the same hosts: whatever only one of the two says is explained in a file.

mod differences;
mod program;
mod roots;
mod syft;
mod trivy;
