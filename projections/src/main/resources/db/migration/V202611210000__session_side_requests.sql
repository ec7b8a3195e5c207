-- Side requests, and the last reports of sessions' processes.
create table side_request_row (
  id text primary key,
  tenant text not null,
  session_id text not null,
  type text not null,
  status text not null,
  question bytea,
  answer bytea,
  failure_reason text,
  failure_detail bytea,
  requested_by text not null,
  sequence bigint not null,
  requested_at timestamptz not null,
  completed_at timestamptz);
create index side_request_row_newest on side_request_row (session_id, sequence desc);

create table session_process_row (
  session_id text primary key,
  tenant text not null,
  model text,
  tokens bigint not null,
  tokens_max bigint not null,
  breakdown bytea,
  measured_sequence bigint,
  measured_at timestamptz,
  capabilities bytea,
  capabilities_sequence bigint,
  capabilities_at timestamptz);
