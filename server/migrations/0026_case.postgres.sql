alter table picture add column bytes bytea not null default '';
alter table upload_piece add column bytes bytea not null default '';
