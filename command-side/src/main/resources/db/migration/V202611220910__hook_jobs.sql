-- Calls of hooks for events of sessions: hooks may take minutes, so they have a table of their own.
create table hook_job (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamptz,
  picked boolean not null,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures int,
  last_heartbeat timestamptz,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);
create index on hook_job (execution_time);
create index on hook_job (last_heartbeat);
