-- Hooks, and each of their executions.
create table hook_row (
  id text primary key,
  tenant text not null,
  scope text not null,
  name text not null,
  definition text not null,
  version bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on hook_row (tenant, created_at desc, id desc);

create table hook_execution_row (
  session_id text not null,
  sequence bigint not null,
  tenant text not null,
  hook_id text not null,
  name text not null,
  point text not null,
  run_id text not null,
  thread_id text not null,
  tool_call_id text not null,
  outcome text not null,
  http_status integer not null,
  duration_ms bigint not null,
  changed_input boolean not null,
  detail bytea,
  at timestamptz not null,
  primary key (session_id, sequence)
);
