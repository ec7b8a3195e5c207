-- Reports that are not deleted, for the limits of their numbers.
create table report_lookup (
  report_id text primary key,
  tenant text not null,
  requester text not null,
  is_open boolean not null
);
create index on report_lookup (tenant, requester) where is_open;

-- Reports take seconds of a processor, so they have a table of their own.
create table report_job (
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
create index on report_job (execution_time);
create index on report_job (last_heartbeat);
