-- Clubs, activities and the people who sign up for them.

alter table person add column birth text;
alter table person add column household_id text;
create index person_by_household on person (household_id);

create table household (
    id text primary key,
    code text unique,
    code_until bigint,
    made_at bigint not null
);

-- What a guardian agreed to for a child: the version names a text of the catalogue.
create table consent (
    id text primary key,
    person_id text not null references person (id),
    guardian_id text not null references person (id),
    version bigint not null,
    given_at bigint not null
);
create index consent_by_person on consent (person_id, version);

create table club (
    centre_id text not null references centre (id),
    id text not null,
    name_zh text not null,
    name_en text not null,
    about_zh text not null,
    about_en text not null,
    kind text not null,
    primary key (centre_id, id)
);

create table club_member (
    centre_id text not null,
    club_id text not null,
    person_id text not null references person (id),
    organises bigint not null,
    since bigint not null,
    primary key (centre_id, club_id, person_id),
    foreign key (centre_id, club_id) references club (centre_id, id)
);
create index club_member_by_person on club_member (person_id);

create table activity (
    centre_id text not null references centre (id),
    id text not null,
    club_id text,
    title_zh text not null,
    title_en text not null,
    about text not null,
    kind text not null,
    from_age bigint,
    to_age bigint,
    fee bigint not null,
    per text not null,
    pick_up bigint not null,
    made_by text not null references person (id),
    made_at bigint not null,
    primary key (centre_id, id)
);

create index activity_by_person on activity (made_by);
create index activity_by_club on activity (centre_id, club_id);

-- A session has no state of its own: it stands or falls with the booking of its room.
create table activity_session (
    centre_id text not null,
    id text not null,
    activity_id text not null,
    booking_id text not null,
    list_id text not null,
    primary key (centre_id, id),
    unique (centre_id, booking_id),
    foreign key (centre_id, activity_id) references activity (centre_id, id)
);
create index activity_session_by_activity on activity_session (centre_id, activity_id);

-- The places of a session, or of a whole course: what a decision about a place locks. No more can be taken than there
-- are; the database itself refuses it. Places that are offered to somebody count as taken.
create table place_list (
    centre_id text not null,
    id text not null,
    activity_id text not null,
    places bigint not null,
    taken bigint not null,
    waiting bigint not null,
    next_seq bigint not null,
    primary key (centre_id, id),
    check (taken >= 0 and taken <= places and waiting >= 0)
);

-- Those who sign up in one act are a party: they share its number. The seq is the order of asking.
create table sign_up (
    centre_id text not null,
    id text not null,
    list_id text not null,
    activity_id text not null,
    person_id text not null references person (id),
    actor_id text not null references person (id),
    channel text not null,
    state text not null,
    party bigint not null,
    seq bigint not null,
    passes bigint not null,
    offer_until bigint,
    made_at bigint not null,
    ended_at bigint,
    primary key (centre_id, id)
);
create unique index sign_up_once on sign_up (centre_id, list_id, person_id)
    where state in ('confirmed', 'waitlisted', 'offered');
create index sign_up_line on sign_up (centre_id, list_id, seq) where state = 'waitlisted';
create index sign_up_offers on sign_up (centre_id, list_id, offer_until) where state = 'offered';
create index sign_up_by_person on sign_up (person_id, made_at);
create index sign_up_by_actor on sign_up (actor_id, made_at);

-- What is noted of somebody at a session; whoever walked in has no sign-up, and is called
-- what they said: a number must not tell whoever types it whose it is.
create table attendance (
    centre_id text not null,
    session_id text not null,
    person_id text not null references person (id),
    mark text not null,
    marked_at bigint not null,
    marked_by text not null references person (id),
    walk_in bigint not null,
    name text not null,
    primary key (centre_id, session_id, person_id)
);

create table letter (
    id text primary key,
    person_id text not null references person (id),
    centre_id text not null,
    news text not null,
    sent_ms bigint not null,
    read_at bigint
);
create index letter_by_person on letter (person_id, sent_ms);
create index letter_unread on letter (person_id) where read_at is null;
