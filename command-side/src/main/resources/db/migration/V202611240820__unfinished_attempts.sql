-- Attempts in a row from which a process did not return, as it was killed or had no memory left.
alter table inbound_delivery add column unfinished integer not null default 0;
