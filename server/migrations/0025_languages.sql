-- What an activity is about, in the other language; what is not translated is empty.
alter table activity add column about_en text not null default '';
