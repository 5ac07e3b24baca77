-- How often a rule stood against somebody, by day, and, where a room was wanted, which one and in which hour of the week: nothing
-- about whom. An empty room and hour -1 stand for neither.
create table refused (
    centre_id text not null,
    day bigint not null,
    rule text not null,
    room_id text not null,
    hour bigint not null,
    count bigint not null,
    primary key (centre_id, day, rule, room_id, hour)
);
insert into refused (centre_id, day, rule, room_id, hour, count) select centre_id, day, rule, '', -1, count from refusal;
drop table refusal;
