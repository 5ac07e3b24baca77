-- Until when a room waits for its people, when they came, when it was to end where they finished early.
alter table booking add column check_in_by bigint;
alter table booking add column came_at bigint;
alter table booking add column planned_end bigint;
-- Why nobody came, and whether staff let that count.
alter table booking add column explanation text not null default '';
alter table booking add column excused bigint;
create index booking_awaited on booking (check_in_by) where check_in_by is not null;
create index booking_explained on booking (centre_id, starts_at) where explanation <> '' and excused is null;
