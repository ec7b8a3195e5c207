-- Flows that have not ended, for their number.
create table flow_lookup (
  flow_id text primary key,
  tenant text not null,
  owner text not null
);
create index on flow_lookup (tenant);

-- Identities at providers that belong to a user, for their number.
create table source_identity_lookup (
  source_identity_id text primary key,
  tenant text not null,
  user_id text not null
);
create index on source_identity_lookup (tenant);

-- Replies and pushes wait for other services, so they have a table of their own.
create table flow_job (
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
create index on flow_job (execution_time);
create index on flow_job (last_heartbeat);
