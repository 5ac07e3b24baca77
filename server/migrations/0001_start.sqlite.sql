-- A booking lasts at most 24 hours and its buffers at most 4: older rows cannot reach into a new one.
create trigger taken_once before insert on taken
when exists (
    select 1 from taken
    where centre_id = new.centre_id and room_id = new.room_id
        and from_at > new.from_at - 100800 and from_at < new.until_at and until_at > new.from_at
)
begin
    select raise(abort, 'taken twice');
end;
