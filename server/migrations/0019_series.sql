-- Series: bookings that recur. The rule is that of RFC 5545; what each date is stands in its booking.
create table series (
    centre_id text not null,
    id text not null,
    rule text not null,
    -- The day that the rule is counted from.
    first_day text not null,
    made_at bigint not null,
    primary key (centre_id, id)
);

-- That of an activity.
alter table activity add column rule text;
alter table activity add column first_day text;

-- When staff were reminded of a request that waits.
alter table booking add column reminded_at bigint;

-- What was decided or called off together has the same; each in the same act is undone with it.
alter table booking add column act_id text;
create index booking_act on booking (centre_id, act_id) where act_id is not null;
-- When it was last moved, or stood again.
alter table booking add column changed_at bigint;

alter table booking add column series_id text;
-- The date that the rule of the series, or of the activity, has it on; it may have been moved since.
alter table booking add column series_on text;
create index booking_series on booking (centre_id, series_id) where series_id is not null;
