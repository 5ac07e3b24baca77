-- Acting for somebody else, the audit log, and what stood against people.

-- People whom a centre's desk has dealt with: it made their record, or was told their number.
create table desk_contact (
    centre_id text not null references centre (id),
    person_id text not null references person (id),
    made bigint not null,
    since bigint not null,
    primary key (centre_id, person_id)
);

-- Who speaks for the person of a sign-up, and reads what is written about it: a guardian, or the person.
alter table sign_up add column guardian_id text not null default '';
update sign_up set guardian_id = actor_id;

-- A consent may have been given by word of mouth: then staff noted it.
alter table consent add column actor_id text;
alter table consent add column channel text not null default 'app';
update consent set actor_id = guardian_id;

-- Entries are only ever added. What concerns no centre stands under '*'. The subject is what it was called then.
create table audit (
    centre_id text not null,
    at_ms bigint not null,
    id text not null,
    act text not null,
    actor_id text,
    person_id text,
    channel text not null,
    subject text not null,
    primary key (centre_id, at_ms, id)
);

-- When somebody last looked at something: a second look soon after is the same look.
create table last_look (
    actor_id text not null,
    about text not null,
    at_ms bigint not null,
    primary key (actor_id, about)
);

-- How often a rule stood against somebody, by day: nothing about whom.
create table refusal (
    centre_id text not null,
    day bigint not null,
    rule text not null,
    count bigint not null,
    primary key (centre_id, day, rule)
);

create index letter_to_tell on letter (centre_id, sent_ms) where read_at is null;
