-- What was done to a centre in one act, with what it did to bookings, so that it can be undone.
create table consequence (
    centre_id text not null references centre (id),
    id text not null,
    made_ms bigint not null,
    actor_id text references person (id),
    -- JSON: see usecase/centre/consequence.rs.
    done text not null,
    undone_at bigint,
    primary key (centre_id, id)
);

-- The act that closed a room; nothing for those closed before there were acts.
alter table closure add column consequence_id text;
