-- Agents: who let them in, their certificates, what they are in the middle of sending; and the instances of EC2 that targets
-- select from.

-- Only the SHA-256 of a token is stored. `id` names it for people.
CREATE TABLE enrolment_token (
    id TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    region TEXT NOT NULL,
    description TEXT NOT NULL,
    uses_left BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- `facts`, `health`, `code` and `detail` are what the agent said last. `token_id` and `key_digest` tell whether an enrolment is
-- the same one again.
CREATE TABLE agent (
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    agent_id TEXT NOT NULL,
    region TEXT NOT NULL,
    token_id TEXT NOT NULL,
    key_digest TEXT NOT NULL,
    facts TEXT NOT NULL,
    health TEXT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    last_seen_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (account, agent_id)
);

-- A certificate that is not here is of no use.
CREATE TABLE agent_certificate (
    serial TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    not_after BIGINT NOT NULL,
    FOREIGN KEY (account, agent_id) REFERENCES agent (account, agent_id) ON DELETE CASCADE
);

CREATE INDEX agent_certificate_by_agent ON agent_certificate (account, agent_id);

-- Pieces of evidence that is not complete yet.
CREATE TABLE chunk (
    run_arn TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    digest TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (run_arn, agent_id, number),
    FOREIGN KEY (run_arn, agent_id) REFERENCES run_agent (run_arn, agent_id) ON DELETE CASCADE
);

-- `telemetry` is a list of {message_type, count, data_size}; `loss` says why the agent could not collect.
ALTER TABLE run_agent ADD COLUMN telemetry TEXT NOT NULL DEFAULT '[]';
ALTER TABLE run_agent ADD COLUMN loss TEXT;

CREATE INDEX run_agent_by_work ON run_agent (agent_id, stage);

-- What `describe-instances` told last.
CREATE TABLE instance (
    realm TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    account TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (realm, instance_id)
);

CREATE INDEX instance_by_account ON instance (account, instance_id);
