//! Renewing: the certificate, by itself when half of its life is over, by the token when it has ended.
//!
//! A host whose clock is wrong waits until it is right instead of giving its certificate up: only a server that was verified
//! can say that the agent has to be let in again.

use std::time::Duration;

use assay_link::{Issued, RefusalCode, Renew, route};

use super::polling::Daemon;
use crate::backoff::draw;
use crate::client::{ANSWER_TIMEOUT, Client, LinkFailure};
use crate::enroll::{accept, ask, failed, identified};
use crate::enrolment::Enrolment;
use crate::error::AgentError;
use crate::facts::shorten;
use crate::issued::later;
use crate::worker::in_full;

impl Daemon {
    /// Renews the certificate when it is time; a pause where nothing can be done without one.
    pub(super) async fn keep_certificate(&mut self) -> Result<Option<Duration>, AgentError> {
        let now = (self.options.clock)();
        let Some(certificate) = &self.enrolment.certificate else { return Err(AgentError::NotEnrolled) };
        if now < certificate.renew_at || now < self.renew_after {
            return Ok(None);
        }
        let has_ended = now >= certificate.not_after;
        let proxy = &self.options.proxy;
        let issued = if has_ended {
            let authority = self.enrolment.authority.as_deref().unwrap_or_default();
            ask(&Client::trusting(&self.enrolment.server, authority, proxy)?, &self.enrolment, &self.told).await
        } else {
            let client = self.client.borrow().clone();
            let renew = Renew { request: self.enrolment.request.clone() };
            let issued: Result<Issued, LinkFailure> = client.send(route::RENEW, &renew, ANSWER_TIMEOUT).await;
            issued.map_err(|failure| failed(&self.enrolment.server, failure))
        };
        let renewed = issued.and_then(|issued| accept(self.enrolment.clone(), issued, proxy, now));
        match renewed.and_then(|enrolment| self.adopt(enrolment)) {
            Ok(()) => Ok(None),
            Err(AgentError::Refused(refusal)) if refusal.code == RefusalCode::Revoked => Err(self.revoked()),
            Err(AgentError::Refused(refusal)) if has_ended && !refusal.code.is_temporary() => {
                Err(AgentError::Ended { reason: refusal.reason })
            }
            Err(error) => {
                let pause = self.backoff.next(draw());
                tracing::warn!(reason = in_full(&error), "the certificate could not be renewed");
                self.renew_after = later(now, pause.as_secs().max(1));
                self.state.problem = Some(shorten(&in_full(&error), 500));
                self.save();
                Ok(has_ended.then_some(pause))
            }
        }
    }

    /// Goes on with a fresh certificate, which is on the disk before it is used.
    fn adopt(&mut self, enrolment: Enrolment) -> Result<(), AgentError> {
        let client = identified(&enrolment, &self.options.proxy)?;
        enrolment.save(&self.options.folder)?;
        if let Some(certificate) = &enrolment.certificate {
            self.state.certificate_ends = certificate.not_after;
            tracing::info!(until = %certificate.not_after, "the certificate is renewed");
        }
        self.enrolment = enrolment;
        self.client.send_replace(client);
        Ok(())
    }
}
