-- When the next pending delivery is due, which every node asks every two seconds.
create index on inbound_delivery (due_at) where status = 'PENDING';
