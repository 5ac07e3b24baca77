-- From the first time somebody signs in, their record is theirs to change.
alter table person add column signed_in_at bigint;
update person set signed_in_at = (select min(s.made_at) from session s where s.person_id = person.id);

-- A member without a number who left a household, and when: for a day that can be undone, then the record is erased.
alter table person add column left_household text;
alter table person add column left_at bigint;
create index person_left on person (left_at) where left_at is not null;

-- An erased person keeps their row, without a name, so that figures stay true.
alter table person add column erased_at bigint;

-- That somebody holds a number, as shown by its code: staff may then set it, or correct what is its holder's.
alter table sign_in_code add column proof text;
alter table sign_in_code add column proof_until bigint;

-- What was read without an index.
create index sign_up_by_party on sign_up (centre_id, list_id, party);
create index attendance_by_person on attendance (person_id, centre_id);
create index audit_by_person on audit (person_id, at_ms);
