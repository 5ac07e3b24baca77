-- Two records of one person were made one: this one went into another.
alter table person add column merged_into text;
create index person_merged on person (merged_into) where merged_into is not null;

-- How long requests waited is asked for over a year: they are few among all bookings.
create index booking_decided on booking (centre_id, starts_at) where decided_by is not null;
