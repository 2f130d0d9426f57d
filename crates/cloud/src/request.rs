//! Requests: a call as its service takes it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use crate::calls::{Protocol, Service};

/// A request that is not signed yet. All are POST to `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Headers with their values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

/// The request for an action with parameters, in the service's protocol.
pub fn request(service: Service, action: &str, parameters: &[(&str, &str)]) -> Request {
    match service.protocol() {
        Protocol::Query { version } => {
            let fixed = [("Action", action), ("Version", version)];
            let pairs =
                fixed.iter().chain(parameters).map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
            Request {
                headers: vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned())],
                body: pairs.collect::<Vec<_>>().join("&"),
            }
        }
        Protocol::Json { target } => {
            let members = parameters.iter().map(|(name, value)| ((*name).to_owned(), serde_json::Value::from(*value)));
            Request {
                headers: vec![
                    ("content-type", "application/x-amz-json-1.1".to_owned()),
                    ("x-amz-target", format!("{target}.{action}")),
                ],
                body: serde_json::Value::Object(members.collect()).to_string(),
            }
        }
    }
}

/// The unreserved characters of RFC 3986 stay.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, ENCODED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_protocol_has_its_form() {
        let listeners =
            request(Service::Elbv2, "DescribeListeners", &[("LoadBalancerArn", "arn:a/b c"), ("Marker", "é=")]);
        assert_eq!(
            listeners.body,
            "Action=DescribeListeners&Version=2015-12-01&LoadBalancerArn=arn%3Aa%2Fb%20c&Marker=%C3%A9%3D"
        );
        let gateways = request(Service::DirectConnect, "DescribeDirectConnectGateways", &[("nextToken", "\"")]);
        assert_eq!(gateways.body, r#"{"nextToken":"\""}"#);
        assert_eq!(gateways.headers[1].1, "OvertureService.DescribeDirectConnectGateways");
    }
}
