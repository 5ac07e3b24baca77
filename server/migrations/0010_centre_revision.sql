-- The descriptions of a centre, one for each revision, so that people see who changed what and go back.
create table centre_revision (
    centre_id text not null references centre (id),
    revision bigint not null,
    -- Nothing where it was made before there was a history.
    made_ms bigint,
    actor_id text references person (id),
    -- JSON, as in centre.document.
    document text not null,
    primary key (centre_id, revision)
);
