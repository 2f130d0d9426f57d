-- What a service needs beside assessments: who may call it, what it must not forget, and selections of hosts.

CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- `secret` has to be there as it is: signatures are made with it. `role` is read-only, operator or administrator.
CREATE TABLE access_key (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    secret TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE INDEX access_key_by_account ON access_key (account, created_at, id);

-- What all processes of one service share: made once, by whoever comes first.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- `body` is the list of tags that select hosts.
CREATE TABLE resource_group (
    arn TEXT NOT NULL PRIMARY KEY,
    realm TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE cross_account_role (
    realm TEXT NOT NULL PRIMARY KEY,
    role_arn TEXT NOT NULL,
    registered_at BIGINT NOT NULL
);

CREATE INDEX resource_group_by_time ON resource_group (realm, created_at, arn);
