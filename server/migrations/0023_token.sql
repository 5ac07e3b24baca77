-- Personal access tokens: their secrets are told once, and only digests of them are kept.
create table token (
    id text primary key,
    token_hash text not null,
    person_id text not null references person (id),
    name text not null,
    scopes text not null,
    second_at bigint,
    made_at bigint not null,
    until_at bigint not null,
    used_at bigint
);
create unique index token_by_hash on token (token_hash);
create index token_of_person on token (person_id);
