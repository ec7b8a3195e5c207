-- Checkpoints of sessions' files.
create table checkpoint_row (
  id text primary key,
  tenant text not null,
  session_id text not null,
  moment text not null,
  run_id text,
  files bigint not null,
  bytes bigint not null,
  sequence bigint not null,
  taken_at timestamptz not null);
create index checkpoint_row_newest on checkpoint_row (session_id, sequence desc);
