//! The messages between agent and server.

use assay_link::{
    Answer, ChunkHead, ChunkReceipt, Complete, Completion, Enrol, Failure, Issued, Message, Noted, Poll, Refusal, Renew,
};

/// Any message; what is read is written in a form that is read again.
pub fn link_message(data: &[u8]) {
    check::<Answer>(data);
    check::<ChunkHead>(data);
    check::<ChunkReceipt>(data);
    check::<Complete>(data);
    check::<Completion>(data);
    check::<Enrol>(data);
    check::<Failure>(data);
    check::<Issued>(data);
    check::<Noted>(data);
    check::<Poll>(data);
    check::<Refusal>(data);
    check::<Renew>(data);
}

fn check<M: Message>(data: &[u8]) {
    let Ok(message) = M::decode(data) else { return };
    // Escapes and defaults may make the written form longer than the one that was read.
    let Ok(bytes) = message.encode() else { return };
    M::decode(&bytes).expect("our own message is read");
}
