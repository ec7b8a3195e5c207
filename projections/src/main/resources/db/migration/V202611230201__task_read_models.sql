-- Tasks, their versions, and their executions.
create table task_row (
  id text primary key,
  tenant text not null,
  owner text not null,
  sharing text not null,
  name text not null,
  category text not null,
  tags text not null,
  schedule text not null,
  paused boolean not null,
  pause_reason text not null,
  definition bytea not null,
  version bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on task_row (tenant, created_at desc, id desc);

create table task_version_row (
  task_id text not null,
  sequence bigint not null,
  version bigint not null,
  sharing text not null,
  name text not null,
  schedule text not null,
  paused boolean not null,
  definition bytea not null,
  archived boolean not null,
  actor text not null,
  at timestamptz not null,
  primary key (task_id, sequence)
);

create table execution_row (
  id text primary key,
  tenant text not null,
  name text not null,
  task_id text not null,
  task_version bigint not null,
  user_id text not null,
  trigger text not null,
  options text not null,
  status text not null,
  attempts text not null,
  error text,
  request bytea not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz,
  ended_at timestamptz,
  next_attempt_at timestamptz
);
create index on execution_row (tenant, created_at desc, id desc);
create index on execution_row (task_id, created_at desc, id desc);
