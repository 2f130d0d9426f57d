//! Container images: archives of `docker save`, and OCI layouts as directories and as archives.

mod digest;
mod extent;
mod tar;
mod unpack;
mod zstd;

#[cfg(test)]
mod specimen;
