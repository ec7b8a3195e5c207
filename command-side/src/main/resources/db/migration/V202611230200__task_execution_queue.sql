-- Executions that have not ended, written in the transaction of their events; nodes claim the
-- queued ones.
create table execution_queue (
  execution_id text primary key,
  tenant text not null,
  task_id text not null,
  scheduled boolean not null,
  exclusive boolean not null,
  priority smallint not null,
  status text not null,
  attempt integer not null,
  due_at timestamptz not null,
  node text,
  claimed_at timestamptz
);
create index on execution_queue (status, due_at);
create index on execution_queue (task_id);
create index on execution_queue (tenant, status);

-- Failed executions of a task's schedule since the last one that succeeded.
create table task_failure_count (
  task_id text primary key,
  failures integer not null
);
