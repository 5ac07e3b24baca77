-- Cases: what people want of a centre. Each is in one pile of its house, by which and by sort_at the queue is read: open ones by their
-- due time, waiting ones by when they began to wait, the rest by when they were over.
create table case_number (
    centre_id text primary key references centre (id),
    last bigint not null
);

create table case_file (
    centre_id text not null references centre (id),
    id text not null,
    number bigint not null,
    kind text not null,
    state text not null,
    reader text not null,
    title text not null,
    words text not null,
    place text not null,
    room_id text,
    urgency text not null,
    channel text not null,
    person_id text references person (id),
    secret text,
    agreed bigint not null,
    lead_id text references person (id),
    waits text,
    why text not null,
    received_at bigint not null,
    due_at bigint not null,
    planned_at bigint,
    pile text not null,
    sort_at bigint not null,
    joined_into text,
    part_of text,
    revision bigint not null,
    primary key (centre_id, id)
);
create unique index case_by_number on case_file (centre_id, number);
create index case_by_pile on case_file (centre_id, pile, sort_at, id, reader);
create index case_of_person on case_file (person_id);
create index case_planned on case_file (centre_id, planned_at) where planned_at is not null;
create unique index case_by_secret on case_file (secret) where secret is not null;
create index case_parts on case_file (centre_id, part_of) where part_of is not null;
create index case_kept on case_file (sort_at) where pile = 'over' and words <> '';
create index case_reports on case_file (centre_id, kind, pile) where kind = 'report';

create table case_entry (
    centre_id text not null,
    case_id text not null,
    id text not null,
    at bigint not null,
    step text not null,
    words text not null,
    actor_id text,
    by_house bigint not null,
    shown bigint not null,
    primary key (centre_id, case_id, id)
);
create index case_entry_of_actor on case_entry (actor_id);

create table case_follower (
    centre_id text not null,
    case_id text not null,
    person_id text not null references person (id),
    since bigint not null,
    primary key (centre_id, case_id, person_id)
);
create index case_follower_of_person on case_follower (person_id);

-- Pictures, as they were encoded anew; and what has arrived of those that are on their way. Their bytes have a type of each database.
create table picture (
    centre_id text not null references centre (id),
    id text not null,
    person_id text not null references person (id),
    case_id text,
    by_house bigint not null,
    shown bigint not null,
    width bigint not null,
    height bigint not null,
    made_at bigint not null,
    primary key (centre_id, id)
);
create index picture_of_case on picture (centre_id, case_id);
create index picture_of_person on picture (person_id);
create index picture_loose on picture (made_at) where case_id is null;

create table upload (
    person_id text not null references person (id),
    id text not null,
    size bigint not null,
    picture_id text,
    made_at bigint not null,
    primary key (person_id, id)
);
create index upload_made on upload (made_at);

create table upload_piece (
    person_id text not null,
    upload_id text not null,
    from_byte bigint not null,
    until_byte bigint not null,
    primary key (person_id, upload_id, from_byte)
);
