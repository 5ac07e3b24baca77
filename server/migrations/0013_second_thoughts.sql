-- Who fetched a child: kept as long as the mark itself.
alter table attendance add column fetched_by text;
-- How a booking stood when its person cancelled it: within ten minutes it can stand so again.
alter table booking add column stood text;
-- What a change sent is found by its moment when it is undone.
create index letter_by_time on letter (centre_id, sent_ms);
