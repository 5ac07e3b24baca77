-- A decision of staff takes effect at once, but letters go and rivals are declined only when its time to be taken back is over.
alter table booking add column due_at bigint;
create index booking_due on booking (due_at) where due_at is not null;
