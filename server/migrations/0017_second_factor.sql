-- Since when somebody who runs a house has a second factor, which of their secrets it is, and the last step at which a code of it
-- was used: each code serves once.
alter table person add column totp_at bigint;
alter table person add column totp_generation bigint not null default 0;
alter table person add column totp_step bigint not null default 0;
-- When a code of it was given in a session.
alter table session add column second_at bigint;
