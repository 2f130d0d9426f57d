//! Authority: the server's own certificate authority, made at the first start.
//!
//! It issues short-lived client certificates to agents and the certificate of the agents' listener. Of a signing request
//! it takes the public key only: what a certificate says is decided here. Key and certificate are one file, so that two
//! processes that start at the same time cannot end with the key of one and the certificate of the other.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::time::Duration;

use assay_link::AgentId;
use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SerialNumber, date_time_ymd,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};

use super::authority_error::AuthorityError;
use super::desk::{AgentKey, Certificate};

/// How long a certificate of an agent is valid unless told otherwise; it is renewed after half of it.
pub const CERTIFICATE_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// How long the authority itself is valid.
const AUTHORITY_LIFETIME: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// How long a certificate of the listener is valid; it is made anew long before.
const SERVER_LIFETIME: Duration = Duration::from_secs(90 * 24 * 3600);

/// Clocks differ: certificates are valid from that long before they are made.
const BACKDATE: Duration = Duration::from_secs(300);

/// The server's own certificate authority.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    pem: String,
    lifetime: Duration,
}

/// A certificate for an agent.
#[derive(Debug)]
pub(crate) struct IssuedCertificate {
    pub(crate) pem: String,
    pub(crate) record: Certificate,
}

impl Authority {
    /// The authority in a folder, made when there is none. Agents need `ca.pem` of it; `authority.pem` is secret.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written or read, or holds something else.
    pub fn open(folder: &Utf8Path, lifetime: Duration, now: Timestamp) -> Result<Authority, AuthorityError> {
        let path = folder.join("authority.pem");
        let failed = |cause| AuthorityError::Keep { path: path.clone(), cause };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create_once(folder, &path, &Authority::generate(now)?).map_err(failed)?;
                fs::read_to_string(&path)
            }
            read => read,
        };
        let authority = Authority::from_pem(&text.map_err(failed)?, lifetime);
        let authority = authority.ok_or_else(|| AuthorityError::Damaged { path: path.clone() })?;
        fs::write(folder.join("ca.pem"), &authority.pem).map_err(failed)?;
        Ok(authority)
    }

    /// A new authority: key and certificate as PEM. It is secret.
    ///
    /// # Errors
    ///
    /// When the system has no random numbers or the certificate cannot be made.
    pub fn generate(now: Timestamp) -> Result<String, AuthorityError> {
        let issue = |cause| AuthorityError::Issue { cause };
        let key = KeyPair::generate().map_err(issue)?;
        let (serial, text) = draw_serial()?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        // Two authorities of one name would be taken for one another by some verifiers.
        params
            .distinguished_name
            .push(DnType::CommonName, format!("Assay agents {}", text.get(..8).unwrap_or_default()));
        params.serial_number = Some(serial);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        set_validity(&mut params, now, AUTHORITY_LIFETIME);
        let certificate = params.self_signed(&key).map_err(issue)?;
        Ok(format!("{}{}", key.serialize_pem(), certificate.pem()))
    }

    /// The authority of a PEM document that [`Authority::generate`] made; none where the text is something else.
    pub fn from_pem(text: &str, lifetime: Duration) -> Option<Authority> {
        let certificate = CertificateDer::from_pem_slice(text.as_bytes()).ok()?;
        let key = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes()).ok()?;
        let key = KeyPair::try_from(&key).ok()?;
        let begin = text.find("-----BEGIN CERTIFICATE-----")?;
        let pem = text.get(begin..)?.to_owned();
        let issuer = Issuer::from_ca_cert_der(&certificate, key).ok()?;
        Some(Authority { issuer, certificate, pem, lifetime })
    }

    /// The authority's certificate, which agents pin.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// The same as PEM.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The SHA-256 of the certificate, by which an agent knows it before the first contact: 64 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        Sha256::digest(&self.certificate).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// After how many seconds an agent renews its certificate: half of the lifetime.
    pub(crate) fn renew_after_seconds(&self) -> u32 {
        u32::try_from(self.lifetime.as_secs() / 2).unwrap_or(u32::MAX).max(1)
    }

    /// A certificate for the key of a signing request, in the name of an agent.
    pub(crate) fn issue(
        &self,
        request: &str,
        key: &AgentKey,
        now: Timestamp,
    ) -> Result<IssuedCertificate, AuthorityError> {
        let request = CertificateSigningRequestParams::from_pem(request);
        let request = request.map_err(|cause| AuthorityError::Request { cause })?;
        let (serial, text) = draw_serial()?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, key.agent.as_str());
        params.distinguished_name.push(DnType::OrganizationName, key.account.as_str());
        params.serial_number = Some(serial);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        set_validity(&mut params, now, self.lifetime);
        let certificate = params.signed_by(&request.public_key, &self.issuer);
        let certificate = certificate.map_err(|cause| AuthorityError::Issue { cause })?;
        let not_after = now.as_second().saturating_add(i64::try_from(self.lifetime.as_secs()).unwrap_or(i64::MAX));
        let not_after = Timestamp::from_second(not_after).unwrap_or(Timestamp::MAX);
        Ok(IssuedCertificate { pem: certificate.pem(), record: Certificate { serial: text, not_after } })
    }

    /// A key and a chain for the agents' listener under some host names and addresses. The authority's own certificate
    /// is in the chain, so that an agent which knows only its fingerprint can find it.
    pub(crate) fn server_identity(
        &self,
        names: &[String],
        now: Timestamp,
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), AuthorityError> {
        let issue = |cause| AuthorityError::Issue { cause };
        let key = KeyPair::generate().map_err(issue)?;
        let mut params = CertificateParams::new(names).map_err(issue)?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Assay agents");
        params.serial_number = Some(draw_serial()?.0);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        set_validity(&mut params, now, SERVER_LIFETIME);
        let certificate = params.signed_by(&key, &self.issuer).map_err(issue)?;
        let chain = vec![certificate.der().clone(), self.certificate.clone()];
        Ok((chain, PrivatePkcs8KeyDer::from(key.serialize_der()).into()))
    }
}

/// Writes the file unless another process was faster, whose file then counts.
fn create_once(folder: &Utf8Path, path: &Utf8PathBuf, text: &str) -> io::Result<()> {
    let temporary = folder.join(format!(".authority.{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = match fs::hard_link(&temporary, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    };
    fs::remove_file(&temporary)?;
    linked
}

fn set_validity(params: &mut CertificateParams, now: Timestamp, lifetime: Duration) {
    let since_1970 = Duration::from_secs(u64::try_from(now.as_second()).unwrap_or_default());
    let now = date_time_ymd(1970, 1, 1) + since_1970;
    params.not_before = now - BACKDATE;
    params.not_after = now + lifetime;
}

/// A random positive serial number of 16 bytes, and the same in hexadecimal.
fn draw_serial() -> Result<(SerialNumber, String), AuthorityError> {
    let mut bytes = [0_u8; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| AuthorityError::Random)?;
    // The first bit is the sign, and leading zero bits would be written in another form (X.690 §8.3).
    bytes[0] = bytes[0] & 0x7f | 0x40;
    let text = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((SerialNumber::from_slice(&bytes), text))
}

/// The agent that a certificate names, and its serial number; the certificate's signature was verified before.
pub(crate) fn read_subject(certificate: &CertificateDer<'_>) -> Result<(AgentKey, String), AuthorityError> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).map_err(|_| AuthorityError::Subject)?;
    let subject = parsed.subject();
    let agent = subject.iter_common_name().next().and_then(|name| name.as_str().ok());
    let account = subject.iter_organization().next().and_then(|name| name.as_str().ok());
    let (Some(agent), Some(account)) = (agent, account) else { return Err(AuthorityError::Subject) };
    let agent = agent.parse::<AgentId>().map_err(|_| AuthorityError::Subject)?;
    let serial = parsed.raw_serial().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((AgentKey { account: account.to_owned(), agent }, serial))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("ca")).unwrap();
        (folder, path)
    }

    fn request() -> String {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["ignored.example.org".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "i-somebody-else");
        params.serialize_request(&key).unwrap().pem().unwrap()
    }

    #[test]
    fn an_authority_is_made_once_and_kept_secret() {
        let (_folder, path) = folder();
        let first = Authority::open(&path, CERTIFICATE_LIFETIME, now()).unwrap();
        let second = Authority::open(&path, CERTIFICATE_LIFETIME, now()).unwrap();
        assert_eq!(first.certificate(), second.certificate());
        assert_eq!(fs::read_to_string(path.join("ca.pem")).unwrap(), first.pem());
        assert!(!first.pem().contains("PRIVATE KEY"));
        assert_eq!(fs::metadata(path.join("authority.pem")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 2);
        for text in ["", "-----BEGIN CERTIFICATE-----\n", second.pem()] {
            fs::write(path.join("authority.pem"), text).unwrap();
            let error = Authority::open(&path, CERTIFICATE_LIFETIME, now()).unwrap_err();
            assert!(matches!(error, AuthorityError::Damaged { .. }), "{error}");
        }
    }

    #[test]
    fn a_certificate_says_what_the_authority_decides() {
        let (_folder, path) = folder();
        let authority = Authority::open(&path, CERTIFICATE_LIFETIME, now()).unwrap();
        let key = AgentKey { account: "123456789012".into(), agent: "i-0123456789abcdef0".parse().unwrap() };
        let issued = authority.issue(&request(), &key, now()).unwrap();
        let certificate = CertificateDer::from_pem_slice(issued.pem.as_bytes()).unwrap();
        assert_eq!(read_subject(&certificate).unwrap(), (key.clone(), issued.record.serial.clone()));
        assert_eq!(issued.record.not_after.to_string(), "2026-01-02T00:00:00Z");
        let (_, parsed) = x509_parser::parse_x509_certificate(&certificate).unwrap();
        assert_eq!(parsed.validity().not_after.timestamp(), issued.record.not_after.as_second());
        assert!(parsed.subject_alternative_name().unwrap().is_none() && !parsed.is_ca());
        let again = authority.issue(&request(), &key, now()).unwrap();
        assert_ne!(again.record.serial, issued.record.serial);
        for text in
            ["", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", authority.pem()]
        {
            let error = authority.issue(text, &key, now()).unwrap_err();
            assert!(matches!(error, AuthorityError::Request { .. }), "{error}");
        }
        assert!(read_subject(authority.certificate()).is_err());
    }
}
