-- Which findings of a cell have an item: bit N is set where one does whose ordinal is N modulo 63. Two items that no finding has
-- together rarely have a bit in common. All bits are set where it is not known.
ALTER TABLE finding_item ADD COLUMN places BIGINT NOT NULL DEFAULT 9223372036854775807;

DROP INDEX finding_item_by_item;
CREATE INDEX finding_item_by_item ON finding_item (item, cell, places);
