-- Limits of tenants that were set by the API: executions of tasks in progress.
create table execution_limit (
  tenant text primary key,
  executions integer not null
);

-- Tasks that are not archived; written in the transaction of their events.
create table task_lookup (
  task_id text primary key,
  tenant text not null,
  owner text not null
);
create index on task_lookup (tenant);
