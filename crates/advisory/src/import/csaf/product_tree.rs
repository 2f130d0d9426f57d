//! A product tree, flattened while it is read: products by id, and which is a component of which.

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::json::few;

/// How many relationships may lie between a package and its platform; a module is one.
const MAX_STEPS: usize = 8;

/// Every product of a document.
#[derive(Debug, Default)]
pub(crate) struct ProductTree {
    products: HashMap<String, Product>,
    /// Of a product made by a relationship: the component, and what it is a component of.
    components: HashMap<String, (String, String)>,
    groups: HashMap<String, Vec<String>>,
}

/// One product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Product {
    pub(crate) product_id: String,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) product_identification_helper: Option<Helper>,
}

/// How a product can be told by machines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Helper {
    #[serde(default)]
    pub(crate) cpe: Option<String>,
    #[serde(default)]
    pub(crate) purl: Option<String>,
}

/// A product seen from its end: the component, what lies between, and the platform.
#[derive(Debug)]
pub(crate) struct Resolved<'t> {
    /// The component, or the product itself where it is a component of nothing.
    pub(crate) component: &'t Product,
    /// What the component is part of below the platform: a module.
    pub(crate) between: Vec<&'t Product>,
    /// The platform; absent for a product that stands alone.
    pub(crate) platform: Option<&'t Product>,
}

#[derive(Deserialize)]
struct Relationship {
    full_product_name: Product,
    product_reference: String,
    relates_to_product_reference: String,
}

#[derive(Deserialize)]
struct Group {
    group_id: String,
    #[serde(deserialize_with = "few::<1_000_000, _, _>")]
    product_ids: Vec<String>,
}

impl ProductTree {
    /// A product by its id; absent where the document does not define it.
    pub(crate) fn resolve(&self, id: &str) -> Option<Resolved<'_>> {
        let mut chain = Vec::new();
        let mut current = id;
        while let Some((component, whole)) = self.components.get(current) {
            if chain.len() == MAX_STEPS {
                return None;
            }
            chain.push(self.products.get(component)?);
            current = whole;
        }
        let last = self.products.get(current)?;
        let mut chain = chain.into_iter();
        Some(match chain.next() {
            Some(component) => Resolved { component, between: chain.collect(), platform: Some(last) },
            None => Resolved { component: last, between: Vec::new(), platform: None },
        })
    }

    /// The products of a group.
    pub(crate) fn group(&self, id: &str) -> &[String] {
        self.groups.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    fn add(&mut self, product: Product) {
        self.products.insert(product.product_id.clone(), product);
    }
}

impl<'de> Deserialize<'de> for ProductTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ProductTree, D::Error> {
        let mut tree = ProductTree::default();
        deserializer.deserialize_map(Branch(&mut tree))?;
        Ok(tree)
    }
}

/// The tree itself, or a branch of it: both have branches.
struct Branch<'t>(&'t mut ProductTree);

impl<'de> DeserializeSeed<'de> for Branch<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Branch<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a branch of products")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        #[derive(Deserialize)]
        struct FullNames(#[serde(deserialize_with = "few::<1_000_000, _, _>")] Vec<Product>);
        #[derive(Deserialize)]
        struct Relationships(#[serde(deserialize_with = "few::<1_000_000, _, _>")] Vec<Relationship>);
        #[derive(Deserialize)]
        struct Groups(#[serde(deserialize_with = "few::<100_000, _, _>")] Vec<Group>);

        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "branches" => map.next_value_seed(Branches(self.0))?,
                "product" => self.0.add(map.next_value()?),
                "full_product_names" => map.next_value::<FullNames>()?.0.into_iter().for_each(|one| self.0.add(one)),
                "relationships" => {
                    for relationship in map.next_value::<Relationships>()?.0 {
                        let Relationship { full_product_name, product_reference, relates_to_product_reference } =
                            relationship;
                        let parts = (product_reference, relates_to_product_reference);
                        self.0.components.insert(full_product_name.product_id, parts);
                    }
                }
                "product_groups" => {
                    let groups = map.next_value::<Groups>()?.0.into_iter();
                    self.0.groups.extend(groups.map(|group| (group.group_id, group.product_ids)));
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Branches<'t>(&'t mut ProductTree);

impl<'de> DeserializeSeed<'de> for Branches<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Branches<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of branches")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while sequence.next_element_seed(Branch(self.0))?.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_resolved_to_their_platform() {
        let tree: ProductTree = serde_json::from_str(
            r#"{"branches":[{"category":"vendor","name":"x","branches":[{"product":{"product_id":"p","name":"Platform"}},
            {"product":{"product_id":"m","name":"Module"}},{"product":{"product_id":"c","name":"Component"}}]}],
            "full_product_names":[{"product_id":"alone","name":"Alone"}],
            "relationships":[{"category":"default_component_of","full_product_name":{"product_id":"p:m","name":""},
            "product_reference":"m","relates_to_product_reference":"p"},{"full_product_name":{"product_id":"p:m:c"},
            "product_reference":"c","relates_to_product_reference":"p:m"},{"full_product_name":{"product_id":"loop"},
            "product_reference":"c","relates_to_product_reference":"loop"}],
            "product_groups":[{"group_id":"g","product_ids":["p"]}]}"#,
        )
        .unwrap();
        let names = |id: &str| {
            let found = tree.resolve(id)?;
            let between: Vec<&str> = found.between.iter().map(|product| product.name.as_str()).collect();
            Some((found.component.name.as_str(), between, found.platform.map(|platform| platform.name.as_str())))
        };
        assert_eq!(names("p:m:c"), Some(("Component", vec!["Module"], Some("Platform"))));
        assert_eq!(names("p:m"), Some(("Module", vec![], Some("Platform"))));
        assert_eq!(names("alone"), Some(("Alone", vec![], None)));
        assert_eq!(names("loop"), None);
        assert_eq!(names("nowhere"), None);
        assert_eq!(tree.group("g"), ["p"]);
    }
}
