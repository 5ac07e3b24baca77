-- The history of one thing is found by the page that shows it.
alter table audit add column about text not null default '';
create index audit_about on audit (centre_id, about, at_ms) where about <> '';
