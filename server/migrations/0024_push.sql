-- Push messages: the devices of people, each as long as they are signed in there, and what is on its way to each. What was sent stays
-- until it is over, so that nothing is told twice.
create table push (
    id text primary key,
    person_id text not null references person (id),
    session_id text not null,
    endpoint text not null,
    p256dh text not null,
    auth text not null,
    device text not null,
    made_at bigint not null
);
create unique index push_by_endpoint on push (endpoint);
create index push_of_person on push (person_id);

create table push_message (
    id text primary key,
    push_id text not null,
    centre_id text not null,
    letter_id text,
    news text not null,
    due_at bigint,
    until_at bigint not null,
    tries bigint not null
);
create index push_message_due on push_message (due_at) where due_at is not null;
create index push_message_until on push_message (until_at);
create index push_message_of_push on push_message (push_id);

alter table person add column push_off text not null default '';
alter table person add column quiet_from bigint;
alter table person add column quiet_until bigint;

-- Webhooks: each goes along the audit log of its centre by itself; all up to after_ms was told.
create table hook (
    centre_id text not null references centre (id),
    id text not null,
    url text not null,
    secret text not null,
    made_at bigint not null,
    greeted bigint not null,
    after_ms bigint not null,
    due_at bigint not null,
    tries bigint not null,
    last text not null,
    failing_at bigint,
    off_at bigint,
    primary key (centre_id, id)
);

-- What a webhook was told of after that: entries of acts that go on at once come in no order.
create table hook_told (
    centre_id text not null,
    hook_id text not null,
    audit_id text not null,
    at_ms bigint not null,
    primary key (centre_id, hook_id, audit_id)
);
