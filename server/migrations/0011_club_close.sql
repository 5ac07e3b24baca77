-- A club that was closed takes no members and publishes nothing; what it has done stays.
alter table club add column closed_at bigint;
