-- Calendar feeds: what stands in their addresses is made from their ids and a secret of the house.
create table feed (
    id text primary key,
    person_id text not null references person (id),
    kind text not null,
    centre_id text not null,
    subject text not null,
    made_at bigint not null
);
create unique index feed_once on feed (person_id, kind, centre_id, subject);
