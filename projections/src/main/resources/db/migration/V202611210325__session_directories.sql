-- What sessions see of the host. Everything here can be emptied and filled again from the events; of sessions
-- that are there it is known after a replay.
create table directory_row (
  session_id text not null,
  name text not null,
  giver text not null,
  directory text,
  writable boolean not null,
  since timestamptz not null,
  primary key (session_id, name, giver));
