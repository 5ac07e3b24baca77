-- The moment from which a role no longer holds; nothing where it has no end.
alter table role add column until_at bigint;
