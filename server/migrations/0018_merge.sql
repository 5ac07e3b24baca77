-- Two records of one person were made one: this one went into another.
alter table person add column merged_into text;
create index person_merged on person (merged_into) where merged_into is not null;
