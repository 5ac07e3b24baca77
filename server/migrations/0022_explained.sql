-- Explanations of absences are forgotten by when their bookings ended: the hourly job reads no other bookings.
create index booking_explained_until on booking (ends_at) where explanation <> '';
