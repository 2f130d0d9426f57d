-- Work that has to be done by some process at some time. At most one job is there for a kind and a subject. A process that
-- takes one holds it until `lease_until`, and prolongs that as long as it lives; `fence` rises with each lease, so that who
-- has lost one cannot change anything any more. `wakes` rises whenever somebody asks for the job again: who then ends it
-- sees that it was asked for meanwhile. `attempts` counts leases since the last progress; `dead_at` is set once there were
-- too many.
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    owner TEXT NOT NULL,
    fence BIGINT NOT NULL,
    wakes BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    error TEXT,
    dead_at BIGINT,
    UNIQUE (kind, subject)
);

CREATE INDEX job_by_time ON job (due_at) WHERE dead_at IS NULL;

-- What the agent of a host was like when the run started; and how many evaluations of the host failed.
ALTER TABLE run_agent ADD COLUMN health TEXT NOT NULL DEFAULT 'UNKNOWN';
ALTER TABLE run_agent ADD COLUMN health_code TEXT NOT NULL DEFAULT 'UNKNOWN';
ALTER TABLE run_agent ADD COLUMN evaluation_errors BIGINT NOT NULL DEFAULT 0;

-- The hosts of active runs: each takes part in one only, which the key enforces.
CREATE TABLE busy_agent (
    realm TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    run_arn TEXT NOT NULL REFERENCES run (arn) ON DELETE CASCADE,
    PRIMARY KEY (realm, agent_id)
);

CREATE INDEX busy_agent_by_run ON busy_agent (run_arn);

-- What a run of a template would leave out. It is being computed until `completed_at` is set.
CREATE TABLE exclusion_preview (
    token TEXT NOT NULL PRIMARY KEY,
    template_arn TEXT NOT NULL REFERENCES template (arn) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    completed_at BIGINT
);

CREATE INDEX exclusion_preview_by_template ON exclusion_preview (template_arn, created_at);

CREATE TABLE previewed_exclusion (
    token TEXT NOT NULL REFERENCES exclusion_preview (token) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (token, ordinal)
);

CREATE INDEX run_by_name ON run (template_arn, name);
