//! Keys: Ed25519, in the PEM files that OpenSSL writes and reads (PKCS #8, and SubjectPublicKeyInfo of RFC 8410).

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use super::error::BundleError;
use crate::download::hexadecimal;

const PRIVATE: &str = "PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";

/// What stands before the 32 bytes of a public key in DER.
const PUBLIC_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The largest key file, in bytes; a real one has about 120.
const MAX_BYTES: u64 = 16 * 1024;

/// Signs bundles.
#[derive(Debug)]
pub struct SigningKey {
    pair: Ed25519KeyPair,
}

/// Where a signing key came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyOrigin {
    /// The file was there.
    Read,
    /// It was made, and so was the file of the public key.
    Made {
        /// The file of the public key.
        public: Utf8PathBuf,
    },
}

/// Tells whether a bundle was made with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    bytes: [u8; 32],
}

impl SigningKey {
    /// Reads a key, or makes one: `path`, readable to its owner only, and `path.pub`.
    ///
    /// # Errors
    ///
    /// When the file is no Ed25519 key, when others may read it, and when it cannot be read or written.
    pub fn open_or_create(path: &Utf8Path) -> Result<(SigningKey, KeyOrigin), BundleError> {
        match File::open(path) {
            Ok(file) => Ok((SigningKey::read(path, file)?, KeyOrigin::Read)),
            Err(cause) if cause.kind() == ErrorKind::NotFound => {
                let key = SigningKey::make(path)?;
                let public = Utf8PathBuf::from(format!("{path}.pub"));
                fs::write(&public, key.public_key().to_pem()).map_err(|cause| unwritable(&public, &cause))?;
                Ok((key, KeyOrigin::Made { public }))
            }
            Err(cause) => Err(BundleError::Read { path: path.to_owned(), cause }),
        }
    }

    fn read(path: &Utf8Path, file: File) -> Result<SigningKey, BundleError> {
        let metadata = file.metadata().map_err(|cause| BundleError::Read { path: path.to_owned(), cause })?;
        if metadata.mode() & 0o077 != 0 {
            return Err(refused(path, "others may read it; use chmod 600"));
        }
        let pair = pem(path, file, PRIVATE)?;
        let pair = Ed25519KeyPair::from_pkcs8(&pair).map_err(|_| refused(path, "it is no Ed25519 private key"))?;
        Ok(SigningKey { pair })
    }

    fn make(path: &Utf8Path) -> Result<SigningKey, BundleError> {
        let failed = |_| BundleError::Cryptography { operation: "make a key" };
        let pair = Ed25519KeyPair::generate().map_err(failed)?;
        let document = pair.to_pkcs8v1().map_err(failed)?;
        let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).and_then(|mut file| {
            file.write_all(as_pem(PRIVATE, document.as_ref()).as_bytes())?;
            file.sync_all()
        });
        written.map_err(|cause| unwritable(path, &cause))?;
        Ok(SigningKey { pair })
    }

    /// The key to verify with.
    pub fn public_key(&self) -> PublicKey {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(self.pair.public_key().as_ref()) {
            *to = *from;
        }
        PublicKey { bytes }
    }

    /// The signature of a message, 64 bytes.
    ///
    /// # Errors
    ///
    /// When the cryptographic library refuses.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, BundleError> {
        let signature = self.pair.try_sign(message);
        let signature = signature.map_err(|_| BundleError::Cryptography { operation: "sign" })?;
        Ok(signature.as_ref().to_vec())
    }
}

impl PublicKey {
    /// Reads a key.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is no Ed25519 public key.
    pub fn read(path: &Utf8Path) -> Result<PublicKey, BundleError> {
        let file = File::open(path).map_err(|cause| BundleError::Read { path: path.to_owned(), cause })?;
        let der = pem(path, file, PUBLIC)?;
        let bytes = der.strip_prefix(&PUBLIC_PREFIX).and_then(|bytes| bytes.try_into().ok());
        let bytes = bytes.ok_or_else(|| refused(path, "it is no Ed25519 public key"))?;
        Ok(PublicKey { bytes })
    }

    /// The key as PEM.
    pub fn to_pem(&self) -> String {
        as_pem(PUBLIC, &[PUBLIC_PREFIX.as_slice(), &self.bytes].concat())
    }

    /// The beginning of its SHA-256, for people to compare.
    pub fn fingerprint(&self) -> String {
        hexadecimal(&Sha256::digest(self.bytes)).chars().take(16).collect()
    }

    pub(super) fn is_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.bytes).verify(message, signature).is_ok()
    }
}

fn refused(path: &Utf8Path, reason: &str) -> BundleError {
    BundleError::Key { path: path.to_owned(), reason: reason.to_owned() }
}

fn unwritable(path: &Utf8Path, cause: &std::io::Error) -> BundleError {
    refused(path, &format!("it could not be written: {cause}"))
}

/// The one block of a PEM file with this label.
fn pem(path: &Utf8Path, file: File, label: &str) -> Result<Vec<u8>, BundleError> {
    let mut text = String::new();
    match file.take(MAX_BYTES).read_to_string(&mut text) {
        Ok(_) => {}
        Err(cause) if cause.kind() == ErrorKind::InvalidData => return Err(refused(path, "it is no PEM file")),
        Err(cause) => return Err(BundleError::Read { path: path.to_owned(), cause }),
    }
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let block = text.split_once(&begin).and_then(|(_, rest)| rest.split_once(&end)).map(|(block, _)| block);
    let block = block.ok_or_else(|| refused(path, &format!("it has no {label} in PEM form")))?;
    let letters: String = block.split_whitespace().collect();
    STANDARD.decode(letters).map_err(|_| refused(path, "its PEM block is damaged"))
}

fn as_pem(label: &str, der: &[u8]) -> String {
    // Both kinds of key are shorter than the 64 letters after which PEM breaks a line.
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Folder {
            Folder(tempfile::tempdir().unwrap())
        }

        fn file(&self, name: &str) -> Utf8PathBuf {
            Utf8Path::from_path(self.0.path()).unwrap().join(name)
        }
    }

    #[test]
    fn a_key_is_made_once_and_only_its_owner_may_read_it() {
        let folder = Folder::new();
        let path = folder.file("key");
        let (made, origin) = SigningKey::open_or_create(&path).unwrap();
        let KeyOrigin::Made { public } = origin else { panic!("{origin:?}") };
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let (read, origin) = SigningKey::open_or_create(&path).unwrap();
        assert_eq!(origin, KeyOrigin::Read);
        assert_eq!(read.public_key(), made.public_key());
        let public = PublicKey::read(&public).unwrap();
        assert_eq!(public, made.public_key());
        let signature = read.sign(b"words").unwrap();
        assert!(public.is_signed(b"words", &signature));
        assert!(!public.is_signed(b"Words", &signature));
        assert!(!public.is_signed(b"words", &signature[1..]));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = SigningKey::open_or_create(&path).unwrap_err().to_string();
        assert!(error.ends_with("others may read it; use chmod 600"), "{error}");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let folder = Folder::new();
        let rsa = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL==\n-----END PUBLIC KEY-----\n";
        let short = as_pem(PUBLIC, &PUBLIC_PREFIX);
        for text in ["", "garbage", rsa, &short, &as_pem(PRIVATE, b"1"), "-----BEGIN PUBLIC KEY-----"] {
            let path = folder.file("public");
            fs::write(&path, text).unwrap();
            let error = PublicKey::read(&path).unwrap_err();
            assert!(matches!(error, BundleError::Key { .. }), "{text}: {error}");
        }
        let path = folder.file("private");
        fs::write(&path, as_pem(PRIVATE, b"1")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(SigningKey::open_or_create(&path), Err(BundleError::Key { .. })));
    }
}
