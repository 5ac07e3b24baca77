-- Counters of attempts within a time: by number, by sender, by both, and of the house.
create table attempt (
    key text primary key,
    window_from bigint not null,
    count bigint not null
);
create index attempt_by_age on attempt (window_from);

-- The code itself is made from this and a secret of the house: asked for again, the same one is sent again.
alter table sign_in_code add column seed text not null default '';
