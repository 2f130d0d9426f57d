-- A store holds many accounts and regions, and a run many hosts. `realm` is `region/account`. The tables are made anew,
-- because SQLite cannot change a constraint; what was stored before belongs to the realm of runs without a server.

ALTER TABLE rule_result RENAME TO old_rule_result;
ALTER TABLE exclusion RENAME TO old_exclusion;
ALTER TABLE finding RENAME TO old_finding;

CREATE TABLE target (
    arn TEXT NOT NULL PRIMARY KEY,
    realm TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (realm, name)
);

CREATE INDEX target_by_time ON target (realm, created_at, arn);

INSERT INTO target (arn, realm, name, created_at, body)
SELECT arn, 'us-east-1/000000000000', name, 0, body FROM assessment_target;

-- `started_runs` counts the runs ever started; raising it is also the lock that starts of one template take.
CREATE TABLE template (
    arn TEXT NOT NULL PRIMARY KEY,
    target_arn TEXT NOT NULL REFERENCES target (arn) ON DELETE CASCADE,
    realm TEXT NOT NULL,
    name TEXT NOT NULL,
    duration BIGINT NOT NULL,
    rules_packages TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_runs BIGINT NOT NULL,
    tags TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (target_arn, name)
);

CREATE INDEX template_by_time ON template (realm, created_at, arn);

INSERT INTO template (arn, target_arn, realm, name, duration, rules_packages, created_at, started_runs, tags, body)
SELECT arn, target_arn, 'us-east-1/000000000000', name, 0, '', 0, 0, '[]', body FROM assessment_template;

-- `active` is 1 until the run has ended.
CREATE TABLE run (
    arn TEXT NOT NULL PRIMARY KEY,
    template_arn TEXT NOT NULL REFERENCES template (arn) ON DELETE CASCADE,
    realm TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    active BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    rules_packages TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    completed_at BIGINT,
    state_changed_at BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX run_by_time ON run (realm, created_at, arn);
CREATE INDEX run_by_template ON run (template_arn, created_at, arn);
CREATE INDEX run_by_activity ON run (active);

INSERT INTO run (arn, template_arn, realm, id, name, state, active, duration, rules_packages, created_at, started_at,
                 completed_at, state_changed_at, body)
SELECT arn, template_arn, 'us-east-1/000000000000', id, name, state, 0, 0, '', created_at, NULL, NULL, created_at, body
FROM assessment_run;

-- A host of a run. `host`, `feeds` and `coverage` are there once the host was evaluated, `evidence_digest` once its
-- evidence has arrived. `stage` tells how far it is: waiting, collecting, collected, evaluated, lost.
CREATE TABLE run_agent (
    run_arn TEXT NOT NULL REFERENCES run (arn) ON DELETE CASCADE,
    agent_id TEXT NOT NULL,
    hostname TEXT NOT NULL,
    stage TEXT NOT NULL,
    evidence_digest TEXT REFERENCES evidence (digest),
    host TEXT,
    feeds TEXT,
    coverage TEXT,
    member TEXT NOT NULL,
    PRIMARY KEY (run_arn, agent_id)
);

CREATE INDEX run_agent_by_agent ON run_agent (agent_id);
CREATE INDEX run_agent_by_evidence ON run_agent (evidence_digest);

INSERT INTO run_agent (run_arn, agent_id, hostname, stage, evidence_digest, host, feeds, coverage, member)
SELECT arn, agent_id, hostname, 'evaluated', evidence_digest, host, feeds, coverage, '{}' FROM assessment_run;

-- `ordinal` is the place in the assessment, worst first. `package_names`, `fix_states`, `attributes` and
-- `user_attributes` are lists whose items are each enclosed in line feeds, so that one item is found in the text; a pair
-- is written `key=value`. `search_text` is lower case.
CREATE TABLE finding (
    run_arn TEXT NOT NULL REFERENCES run (arn) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    realm TEXT NOT NULL,
    id TEXT NOT NULL,
    finding_key TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    scaling_group TEXT NOT NULL,
    rules_package TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    severity TEXT NOT NULL,
    band BIGINT NOT NULL,
    risk DOUBLE PRECISION NOT NULL,
    cve TEXT,
    created_at BIGINT NOT NULL,
    package_names TEXT NOT NULL,
    fix_states TEXT NOT NULL,
    attributes TEXT NOT NULL,
    user_attributes TEXT NOT NULL,
    search_text TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_arn, ordinal)
);

CREATE INDEX finding_by_time ON finding (realm, created_at, run_arn, ordinal);
CREATE INDEX finding_by_id ON finding (run_arn, id);

INSERT INTO finding (run_arn, ordinal, realm, id, finding_key, agent_id, scaling_group, rules_package, rule_id, severity,
                     band, risk, cve, created_at, package_names, fix_states, attributes, user_attributes, search_text, body)
SELECT run_arn, ordinal, 'us-east-1/000000000000', old_finding.id, finding_key, agent_id, '', rules_package, rule_id,
       severity, band, risk, cve, created_at, package_names, fix_states, '', '', search_text, old_finding.body
FROM old_finding JOIN assessment_run ON assessment_run.arn = old_finding.run_arn;

CREATE TABLE exclusion (
    run_arn TEXT NOT NULL REFERENCES run (arn) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_arn, ordinal)
);

INSERT INTO exclusion (run_arn, ordinal, id, body) SELECT run_arn, ordinal, '', body FROM old_exclusion;

CREATE TABLE rule_result (
    run_arn TEXT NOT NULL REFERENCES run (arn) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    agent_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_arn, ordinal)
);

INSERT INTO rule_result (run_arn, ordinal, agent_id, body)
SELECT run_arn, ordinal, agent_id, old_rule_result.body
FROM old_rule_result JOIN assessment_run ON assessment_run.arn = old_rule_result.run_arn;

DROP TABLE old_rule_result;
DROP TABLE old_exclusion;
DROP TABLE old_finding;
DROP TABLE assessment_run;
DROP TABLE assessment_template;
DROP TABLE assessment_target;
