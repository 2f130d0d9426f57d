//! Evidence from an agent: hostile until it is unpacked within its limits, has its digest, and is of the agent's own host.

use std::io::Read as _;

use assay_link::{AgentId, Complete, MAX_EVIDENCE_BYTES};
use assay_model::evidence::{Evidence, OLDEST_SCHEMA, SCHEMA};
use flate2::read::GzDecoder;
use serde::Deserialize;

use crate::store::PackedEvidence;

/// What became of the chunks.
#[derive(Debug)]
pub(super) enum Unpacked {
    /// A document that may be stored.
    Good(PackedEvidence),
    /// They do not make the document that was announced.
    Corrupt,
    /// They make it, and it is not to be stored; one sentence.
    Refused(String),
}

/// What has to be known of a document before it is read as a whole.
#[derive(Deserialize)]
struct Versioned {
    schema: u32,
}

/// Unpacks one gzip stream (RFC 1952) and looks at what is inside. It takes its time.
pub(super) fn unpack(compressed: &[u8], complete: &Complete, agent: &AgentId) -> Unpacked {
    let mut bytes = Vec::new();
    let limit = complete.size.min(MAX_EVIDENCE_BYTES);
    let read = GzDecoder::new(compressed).take(limit.saturating_add(1)).read_to_end(&mut bytes);
    if read.is_err() || bytes.len() as u64 != limit || Evidence::digest(&bytes) != complete.digest.as_str() {
        return Unpacked::Corrupt;
    }
    match serde_json::from_slice::<Versioned>(&bytes) {
        Ok(Versioned { schema: OLDEST_SCHEMA..=SCHEMA }) => {}
        Ok(Versioned { schema }) => {
            return Unpacked::Refused(format!(
                "the evidence has schema {schema}, this server reads schemas {OLDEST_SCHEMA} to {SCHEMA}"
            ));
        }
        Err(_) => return Unpacked::Refused("what was sent is no evidence document".to_owned()),
    }
    match serde_json::from_slice::<Evidence>(&bytes) {
        Err(_) => Unpacked::Refused("what was sent is no evidence document".to_owned()),
        Ok(evidence) if evidence.host.agent_id != agent.as_str() => {
            Unpacked::Refused("the evidence is of another host".to_owned())
        }
        Ok(_) => Unpacked::Good(PackedEvidence::pack(&bytes)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use assay_model::Timestamp;
    use assay_model::evidence::{HostIdentity, SourceKind};
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const AGENT: &str = "i-11111111111111111";

    fn document(agent_id: &str) -> Vec<u8> {
        let host = HostIdentity { agent_id: agent_id.into(), hostname: "web".into(), ipv4_addresses: Vec::new() };
        Evidence::empty(SourceKind::LiveHost, host, "test", Timestamp::UNIX_EPOCH).to_bytes().unwrap()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn complete(bytes: &[u8], size: usize) -> Complete {
        let run = "arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa/template/0-bbbbbbbb/run/0-cccccccc";
        Complete {
            run: run.parse().unwrap(),
            chunks: 1,
            digest: Evidence::digest(bytes).parse().unwrap(),
            size: size as u64,
            telemetry: Vec::new(),
        }
    }

    fn check(compressed: &[u8], complete: &Complete, expected: &str) {
        let agent = AGENT.parse().unwrap();
        let seen = match unpack(compressed, complete, &agent) {
            Unpacked::Good(_) => "good".to_owned(),
            Unpacked::Corrupt => "corrupt".to_owned(),
            Unpacked::Refused(reason) => reason,
        };
        assert_eq!(seen, expected);
    }

    #[test]
    fn only_a_whole_document_of_the_own_host_is_good() {
        let good = document(AGENT);
        let packed = gzip(&good);
        let announced = complete(&good, good.len());
        check(&packed, &announced, "good");
        check(&packed[..packed.len() - 9], &announced, "corrupt");
        check(b"", &announced, "corrupt");
        check(&good, &announced, "corrupt");
        check(&packed, &complete(&good, good.len() - 1), "corrupt");
        check(&packed, &complete(&good, good.len() + 1), "corrupt");
        check(&packed, &complete(b"other", good.len()), "corrupt");

        let other = document("i-22222222222222222");
        check(&gzip(&other), &complete(&other, other.len()), "the evidence is of another host");
        for garbage in ["", "[]", "{\"schema\":2}", "{\"schema\":\"2\"}", &"[".repeat(100_000)] {
            let bytes = garbage.as_bytes();
            check(&gzip(bytes), &complete(bytes, bytes.len()), "what was sent is no evidence document");
        }
        for (schema, text) in [(1, "{\"schema\":1}"), (99, "{\"schema\":99}")] {
            let bytes = text.as_bytes();
            let expected = format!("the evidence has schema {schema}, this server reads schemas 2 to 3");
            check(&gzip(bytes), &complete(bytes, bytes.len()), &expected);
        }
        let older = String::from_utf8(good).unwrap().replacen("\"schema\":3", "\"schema\":2", 1);
        check(&gzip(older.as_bytes()), &complete(older.as_bytes(), older.len()), "good");
    }

    #[test]
    fn a_bomb_is_not_unpacked_beyond_what_was_announced() {
        let bomb = gzip(&vec![b' '; 64 << 20]);
        assert!(bomb.len() < 1 << 20);
        check(&bomb, &complete(b"", 0), "corrupt");
        check(&bomb, &complete(b"", 1 << 10), "corrupt");
    }
}
