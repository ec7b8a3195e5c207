-- Users whose executions wait, because a limit refused the session of one of them.
alter table execution_queue add column user_id text not null default '';

create table execution_delay (
  tenant text not null,
  user_id text not null,
  until timestamptz not null,
  primary key (tenant, user_id)
);
