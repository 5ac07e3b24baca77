-- From when on marks of devices count for a person: they signed out everywhere then.
alter table person add column devices_from bigint;

-- The booking of staff for which a request was declined: undone, the request waits again.
alter table booking add column outbid_by text;
create index booking_outbid on booking (centre_id, outbid_by) where outbid_by is not null;
