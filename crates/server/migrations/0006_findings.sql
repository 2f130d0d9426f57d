-- Findings by what the API filters by, reports, and findings that live on from run to run.

-- A cell is all findings of one host in one run that share rules package, severity and time. There are far fewer cells than
-- findings, so that whatever a filter asks for is sought among cells first. `findings` counts them; `is_indexed` is 0 where
-- `finding_item` does not hold the cell's items.
CREATE TABLE finding_cell (
    id BIGINT NOT NULL PRIMARY KEY,
    realm TEXT NOT NULL,
    run_arn TEXT NOT NULL REFERENCES run (arn) ON DELETE CASCADE,
    agent_id TEXT NOT NULL,
    scaling_group TEXT NOT NULL,
    rules_package TEXT NOT NULL,
    severity TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    first_ordinal BIGINT NOT NULL,
    last_ordinal BIGINT NOT NULL,
    findings BIGINT NOT NULL,
    is_indexed BIGINT NOT NULL
);

CREATE INDEX finding_cell_by_time ON finding_cell (realm, created_at, run_arn, first_ordinal);
CREATE INDEX finding_cell_by_run ON finding_cell (run_arn, created_at, first_ordinal);
CREATE INDEX finding_cell_by_agent ON finding_cell (realm, agent_id);
CREATE INDEX finding_cell_by_group ON finding_cell (realm, scaling_group);
CREATE INDEX finding_cell_without_items ON finding_cell (realm) WHERE is_indexed = 0;

-- Which cells hold a finding of a rule, with an attribute, with a user attribute. `item` is part of a SHA-256 of all that.
CREATE TABLE finding_item (
    item BIGINT NOT NULL,
    cell BIGINT NOT NULL REFERENCES finding_cell (id) ON DELETE CASCADE
);

CREATE INDEX finding_item_by_item ON finding_item (item, cell);
CREATE INDEX finding_item_by_cell ON finding_item (cell);

INSERT INTO finding_cell (id, realm, run_arn, agent_id, scaling_group, rules_package, severity, created_at, first_ordinal,
                          last_ordinal, findings, is_indexed)
SELECT ROW_NUMBER() OVER (ORDER BY run_arn, MIN(ordinal)), realm, run_arn, agent_id, scaling_group, rules_package, severity,
       created_at, MIN(ordinal), MAX(ordinal), COUNT(*), 0
FROM finding GROUP BY realm, run_arn, agent_id, scaling_group, rules_package, severity, created_at;

ALTER TABLE finding ADD COLUMN cell BIGINT NOT NULL DEFAULT 0;

UPDATE finding SET cell = (
    SELECT finding_cell.id FROM finding_cell
    WHERE finding_cell.run_arn = finding.run_arn AND finding_cell.created_at = finding.created_at
      AND finding_cell.agent_id = finding.agent_id AND finding_cell.scaling_group = finding.scaling_group
      AND finding_cell.rules_package = finding.rules_package AND finding_cell.severity = finding.severity
);

DROP INDEX finding_by_time;
CREATE INDEX finding_by_cell ON finding (cell, rule_id, ordinal);

CREATE INDEX exclusion_by_id ON exclusion (run_arn, id);

-- A report that somebody asked for. `status` is Inspector's; `digest` is there once it is COMPLETED, `message` once FAILED.
CREATE TABLE report (
    run_arn TEXT NOT NULL REFERENCES run (arn) ON DELETE CASCADE,
    format TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    digest TEXT,
    message TEXT,
    PRIMARY KEY (run_arn, format, kind)
);

CREATE INDEX report_by_digest ON report (digest);

-- Keyed by content, as `evidence` is.
CREATE TABLE report_content (
    digest TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    content BYTEA NOT NULL
);

-- A problem of a host from when it was first seen, whatever becomes of the runs that saw it. `finding_id` is the id of the
-- finding in `last_run`, `times` the number of runs that had it.
CREATE TABLE live_finding (
    realm TEXT NOT NULL,
    finding_key TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    rules_package TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    severity TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    first_run TEXT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    last_run TEXT NOT NULL,
    finding_id TEXT NOT NULL,
    times BIGINT NOT NULL,
    resolved_at BIGINT,
    resolved_run TEXT,
    reopened_at BIGINT,
    PRIMARY KEY (realm, finding_key)
);

CREATE INDEX live_finding_by_time ON live_finding (realm, first_seen_at, finding_key);
CREATE INDEX live_finding_by_agent ON live_finding (realm, agent_id, rules_package);
