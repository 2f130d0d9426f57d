-- What assessments yield. `body` holds the model's serde form and is the truth; the other columns repeat parts of it
-- for filters and order. One dialect for SQLite and PostgreSQL: no BOOLEAN, times as milliseconds since 1970 in BIGINT,
-- ids as TEXT.

CREATE TABLE assessment_target (
    arn TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
);

CREATE TABLE assessment_template (
    arn TEXT NOT NULL PRIMARY KEY,
    target_arn TEXT NOT NULL REFERENCES assessment_target (arn) ON DELETE CASCADE,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (target_arn, name)
);

-- Keyed by content: `digest` is the SHA-256 of the bytes before compression, `size` their number, `content` raw deflate.
CREATE TABLE evidence (
    digest TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    content BYTEA NOT NULL
);

CREATE TABLE assessment_run (
    arn TEXT NOT NULL PRIMARY KEY,
    template_arn TEXT NOT NULL REFERENCES assessment_template (arn) ON DELETE CASCADE,
    evidence_digest TEXT NOT NULL REFERENCES evidence (digest),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    hostname TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    host TEXT NOT NULL,
    feeds TEXT NOT NULL,
    coverage TEXT NOT NULL
);

CREATE INDEX assessment_run_by_time ON assessment_run (created_at, arn);
CREATE INDEX assessment_run_by_template ON assessment_run (template_arn);
CREATE INDEX assessment_run_by_evidence ON assessment_run (evidence_digest);

-- `ordinal` is the place in the assessment, worst first. `package_names` and `fix_states` are lists whose items are each
-- enclosed in line feeds, so that one item is found with LIKE. `search_text` is lower case.
CREATE TABLE finding (
    run_arn TEXT NOT NULL REFERENCES assessment_run (arn) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    id TEXT NOT NULL,
    finding_key TEXT NOT NULL,
    rules_package TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    severity TEXT NOT NULL,
    band BIGINT NOT NULL,
    risk DOUBLE PRECISION NOT NULL,
    cve TEXT,
    package_names TEXT NOT NULL,
    fix_states TEXT NOT NULL,
    search_text TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_arn, ordinal)
);

CREATE TABLE exclusion (
    run_arn TEXT NOT NULL REFERENCES assessment_run (arn) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_arn, ordinal)
);

CREATE TABLE rule_result (
    run_arn TEXT NOT NULL REFERENCES assessment_run (arn) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_arn, ordinal)
);
