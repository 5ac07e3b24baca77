-- What was undone is erased a day later: found without reading all bookings.
create index booking_undone on booking (made_at) where state = 'undone';
