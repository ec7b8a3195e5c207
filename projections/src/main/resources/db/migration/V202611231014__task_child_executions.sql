-- Executions that agents of sessions start.
alter table execution_row
  add column parent_session_id text,
  add column parent_execution_id text,
  add column depth integer not null default 0;
create index on execution_row (parent_session_id, created_at desc, id desc);
create index on execution_row (parent_execution_id, created_at desc, id desc);
