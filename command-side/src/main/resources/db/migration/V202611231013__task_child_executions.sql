-- Executions that agents of sessions start, and the permissions of the execution of a session.
alter table execution_queue
  add column session_id text,
  add column scopes text not null default '',
  add column parent_session_id text,
  add column ancestors text[] not null default '{}',
  add column depth smallint not null default 0,
  add column budget_nanos bigint;
create index on execution_queue (session_id);
create index on execution_queue (parent_session_id);
create index on execution_queue using gin (ancestors);
