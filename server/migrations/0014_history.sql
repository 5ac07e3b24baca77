-- The history of one thing is found by the page that shows it, and an entry by its words.
alter table audit add column about text not null default '';
alter table audit add column words text not null default '';
