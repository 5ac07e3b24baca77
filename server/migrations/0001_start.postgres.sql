create extension if not exists btree_gist;

alter table taken add constraint taken_once
    exclude using gist (centre_id with =, room_id with =, int8range(from_at, until_at) with &&);
