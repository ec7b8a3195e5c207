-- Limits of users that were set by the API: executions of tasks in progress.
alter table execution_limit add column user_executions integer;
create table execution_user_limit (
  tenant text not null,
  user_id text not null,
  executions integer not null,
  primary key (tenant, user_id)
);

-- Last claim of an execution of each user: users of a tenant take turns.
create table execution_turn (
  tenant text not null,
  user_id text not null,
  claimed_at timestamptz not null,
  primary key (tenant, user_id)
);

-- The order of the executions of each user.
create index on execution_queue
  (tenant, user_id, status desc, priority desc, due_at, execution_id);
