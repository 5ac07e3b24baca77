-- Pictures, as they were encoded anew; and what has arrived of those that are on their way.
create table picture (
    centre_id text not null references centre (id),
    id text not null,
    person_id text not null references person (id),
    case_id text,
    by_house bigint not null,
    shown bigint not null,
    width bigint not null,
    height bigint not null,
    bytes blob not null,
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
    bytes blob not null,
    primary key (person_id, upload_id, from_byte)
);
