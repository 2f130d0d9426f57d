-- Who is told of what, and what is still to be told, and the record of all calls.

-- `event` is Inspector's word, for example ASSESSMENT_RUN_STARTED.
CREATE TABLE subscription (
    template_arn TEXT NOT NULL REFERENCES template (arn) ON DELETE CASCADE,
    topic_arn TEXT NOT NULL,
    event TEXT NOT NULL,
    realm TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (template_arn, topic_arn, event)
);

CREATE INDEX subscription_by_realm ON subscription (realm, template_arn);

-- Messages. `id` orders them by time, and tells a receiver which one comes again. `state` is pending, delivered, dead (given
-- up), or nowhere (nothing was to be told: the topic has no sink). A pending one is due at `next_at`; who takes it moves that
-- to the end of his lease. `since` is when it was first due, or was asked for again. A run that is gone still has messages.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    realm TEXT NOT NULL,
    topic_arn TEXT NOT NULL,
    run_arn TEXT,
    finding_arn TEXT,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    last_error TEXT
);

CREATE INDEX outbox_by_turn ON outbox (state, next_at, id);
CREATE INDEX outbox_by_topic ON outbox (topic_arn, state);

-- What a run says about messages, at most 50 a run. `about` is the finding where it is about one: each is named once.
CREATE TABLE notification (
    run_arn TEXT NOT NULL REFERENCES run (arn) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    about TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (run_arn, ordinal),
    UNIQUE (run_arn, about)
);

-- Every call, in the order in which the calls were recorded. `digest` is over the number, the body and `previous`, which is
-- the digest of the record before: who changes one has to change all that follow.
CREATE TABLE audit (
    sequence BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    realm TEXT NOT NULL,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL
);

CREATE INDEX audit_by_time ON audit (at);
