//! The JSON of exposures: a contract that scripts rely on.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::analysis::Exposures;
use super::row::{Exposure, Sources};

impl Serialize for Exposures<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("exposures", &Rows(self, false))?;
        map.serialize_entry("latent", &Rows(self, true))?;
        map.serialize_entry("assumptions", &self.network().assumptions())?;
        map.end()
    }
}

struct Rows<'a, 'n, 's>(&'a Exposures<'n, 's>, bool);

impl Serialize for Rows<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for exposure in self.0.iter().filter(|exposure| exposure.latent.is_some() == self.1) {
            list.serialize_element(&Row(self.0, &exposure))?;
        }
        list.end()
    }
}

struct Row<'a, 'n, 's>(&'a Exposures<'n, 's>, &'a Exposure);

impl Serialize for Row<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Row(exposures, row) = self;
        let snapshot = exposures.network().snapshot;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("origin", &row.origin.text(snapshot))?;
        map.serialize_entry("instance", &row.instance.map(|instance| snapshot.text(instance)))?;
        map.serialize_entry("interface", snapshot.text(row.interface))?;
        map.serialize_entry("address", &row.address)?;
        map.serialize_entry("family", &row.family().version())?;
        map.serialize_entry("protocol", &row.protocol.to_string())?;
        map.serialize_entry("ports", &row.ports_text())?;
        map.serialize_entry("sources", &row.source_texts())?;
        map.serialize_entry("via", &row.via.as_ref().map(|via| &via.text))?;
        if let Some(via) = &row.via {
            map.serialize_entry("listener", &via.listener)?;
        }
        // Only where a client cannot send from any port that it likes.
        if row.client_ports.ranges() != [(0, u16::MAX)] {
            map.serialize_entry("client_ports", &row.client_ports.to_string())?;
        }
        map.serialize_entry("certainty", &row.certainty)?;
        if let Some(latent) = row.latent {
            map.serialize_entry("latent", &latent)?;
        }
        map.serialize_entry("gates", &exposures.gates(row))?;
        map.end()
    }
}

impl Exposure {
    /// The sources as blocks, the fewest there are; of an endpoint service, who may use it.
    pub fn source_texts(&self) -> Vec<String> {
        match &self.sources {
            Sources::Addresses(addresses) => addresses.cidrs(self.family()).iter().map(ToString::to_string).collect(),
            Sources::Everything => vec!["::/0".to_owned()],
            Sources::Principals(principals) => principals.clone(),
        }
    }
}
