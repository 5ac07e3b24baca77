-- Ids are text, times are UTC seconds unless they end in _ms, enums are text. What belongs to a centre carries its
-- centre_id first in its key and its indexes.

create table setting (
    name text primary key,
    value text not null
);

create table centre (
    id text primary key,
    position bigint not null,
    revision bigint not null,
    document text not null
);

-- One row for each room that cannot be divided further: what a decision locks.
create table room (
    centre_id text not null references centre (id),
    id text not null,
    primary key (centre_id, id)
);

create table person (
    id text primary key,
    phone text unique,
    name text not null,
    lang text not null,
    made_at bigint not null
);

-- A role at a centre, or at all centres where centre_id is '*'.
create table role (
    person_id text not null references person (id),
    centre_id text not null,
    role text not null,
    primary key (person_id, centre_id)
);

create table session (
    id text primary key,
    token_hash text not null unique,
    person_id text not null references person (id),
    device text not null,
    made_at bigint not null,
    expires_at bigint not null
);
create index session_by_person on session (person_id);

-- At most one code per number. The counters limit tries and how often codes are sent.
create table sign_in_code (
    phone text primary key,
    salt text not null,
    hash text not null,
    expires_at bigint not null,
    tries_left bigint not null,
    used_key text,
    window_from bigint not null,
    sent_in_window bigint not null
);

create table idempotency (
    key text primary key,
    operation text not null,
    request_hash text not null,
    reply text not null,
    made_at bigint not null
);
create index idempotency_by_age on idempotency (made_at);

create table booking (
    centre_id text not null references centre (id),
    id text not null,
    room_id text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    before_minutes bigint not null,
    after_minutes bigint not null,
    people bigint not null,
    purpose text,
    note text not null,
    title_zh text,
    title_en text,
    state text not null,
    reason text not null,
    actor_id text not null references person (id),
    beneficiary_id text not null references person (id),
    channel text not null,
    made_at bigint not null,
    decided_by text references person (id),
    decided_at bigint,
    primary key (centre_id, id)
);
create index booking_by_room on booking (centre_id, room_id, starts_at);
create index booking_by_time on booking (centre_id, starts_at);
create index booking_by_person on booking (beneficiary_id, starts_at);
create index booking_waiting on booking (centre_id, starts_at) where state = 'requested';

-- The floor that confirmed bookings take: one row per undividable room, set-up and clearing away included.
-- No two rows of a room overlap; the database itself refuses it (see the twins of this file).
create table taken (
    centre_id text not null,
    room_id text not null,
    from_at bigint not null,
    until_at bigint not null,
    booking_id text not null,
    primary key (centre_id, room_id, from_at, booking_id)
);
create index taken_by_booking on taken (centre_id, booking_id);
-- Rows of a room do not overlap, so they end in the order in which they start: the next in the way is found at once.
create index taken_by_end on taken (centre_id, room_id, until_at);

create table closure (
    centre_id text not null references centre (id),
    id text not null,
    room_id text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    reason_zh text not null,
    reason_en text not null,
    primary key (centre_id, id)
);
create index closure_by_time on closure (centre_id, ends_at);
