-- Slots held for whoever has the form open. A row outlives its hold for a while: nobody has the same slot held again and again.
create table hold (
    holder_id text not null references person (id),
    centre_id text not null,
    room_id text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    -- For whom it would be booked.
    person_id text not null references person (id),
    made_at bigint not null,
    until_at bigint not null,
    -- 1 once open pages were told that it is over.
    ended bigint not null,
    primary key (holder_id, centre_id, room_id, starts_at, ends_at)
);
create index hold_by_end on hold (until_at) where ended = 0;
create index hold_by_centre on hold (centre_id, until_at);

-- Who waits for a slot that is taken. The order of the line is that of its number; who is in line no more has none.
create table slot_wait (
    centre_id text not null,
    id text not null,
    room_id text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    people bigint not null,
    person_id text not null references person (id),
    actor_id text not null references person (id),
    channel text not null,
    made_at bigint not null,
    state text not null,
    line bigint,
    -- Until when it is kept for them, once it is offered.
    offer_until bigint,
    primary key (centre_id, id)
);
create index slot_wait_in_line on slot_wait (centre_id, starts_at) where line is not null;
create index slot_wait_by_person on slot_wait (person_id, starts_at);
create index slot_wait_offered on slot_wait (offer_until) where offer_until is not null;
