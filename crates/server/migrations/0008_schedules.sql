-- Recurring assessments. `body` is what was declared, `version` is raised with each change and each turn: who starts a run
-- does it in the transaction that takes the turn. `next_at` is when that is due, the jitter included, absent where nothing
-- comes; the starts meant until `dealt_at` are dealt with, and the last one made was meant for `last_at`.
CREATE TABLE schedule (
    realm TEXT NOT NULL,
    name TEXT NOT NULL,
    template_arn TEXT NOT NULL REFERENCES template (arn) ON DELETE CASCADE,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    dealt_at BIGINT NOT NULL,
    next_at BIGINT,
    last_at BIGINT,
    last_run TEXT,
    problem TEXT,
    problem_at BIGINT,
    PRIMARY KEY (realm, name)
);

CREATE INDEX schedule_by_template ON schedule (template_arn);
CREATE INDEX schedule_by_turn ON schedule (next_at);
