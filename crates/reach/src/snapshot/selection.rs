//! Selection of instances by tags, as Inspector's resource groups do it (reference §6.2.5, §8.1).

use super::instance::{AUTO_SCALING_TAG, Instance, InstanceState};
use super::names::Name;
use super::whole::Snapshot;
use super::word::Word;

/// One pair of a resource group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagSelector {
    /// The key, compared exactly.
    pub key: String,
    /// The value, compared exactly; absent selects every instance that has the key.
    pub value: Option<String>,
}

impl Snapshot {
    /// The running instances that a resource group of these pairs selects, in the order of reading: those that have **any**
    /// of the pairs. `None` is a target without a resource group, which takes all instances; an empty group selects none.
    pub fn instances(&self, selectors: Option<&[TagSelector]>) -> impl Iterator<Item = &Instance> {
        let pairs = selectors.map(|selectors| self.pairs(selectors));
        self.instances.iter().filter(move |instance| {
            let is_running = instance.state.is_some_and(|state: Word<_>| state.is(InstanceState::Running));
            let is_selected = pairs.as_ref().is_none_or(|pairs| pairs.iter().any(|pair| has(instance, *pair)));
            is_running && is_selected
        })
    }

    /// The auto scaling group that started an instance.
    pub fn auto_scaling_group(&self, instance: &Instance) -> Option<Name> {
        let key = self.names.find(AUTO_SCALING_TAG)?;
        instance.tags.iter().find(|tag| tag.key == key).map(|tag| tag.value)
    }

    /// The pairs by their names; one with a text that the snapshot does not have selects nothing.
    fn pairs(&self, selectors: &[TagSelector]) -> Vec<(Name, Option<Name>)> {
        let pair = |selector: &TagSelector| {
            let key = self.names.find(&selector.key)?;
            match &selector.value {
                Some(value) => Some((key, Some(self.names.find(value)?))),
                None => Some((key, None)),
            }
        };
        selectors.iter().filter_map(pair).collect()
    }
}

fn has(instance: &Instance, (key, value): (Name, Option<Name>)) -> bool {
    instance.tags.iter().any(|tag| tag.key == key && value.is_none_or(|value| tag.value == value))
}
