alter table picture add column bytes blob not null default x'';
alter table upload_piece add column bytes blob not null default x'';
