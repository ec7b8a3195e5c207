-- Host directories of sessions. Can be emptied and filled again from the events; existing sessions
-- have them after a replay.
create table directory_row (
  session_id text not null,
  name text not null,
  source text not null,
  directory text,
  writable boolean not null,
  added_at timestamptz not null,
  primary key (session_id, name, source));
