-- The task of a trigger, for the filter of the list.
alter table trigger_row add column task_id text;
update trigger_row set task_id = properties::jsonb ->> 'taskId';
alter table trigger_row alter column task_id set not null;

create table trigger_version_row (
  trigger_id text not null,
  sequence bigint not null,
  version bigint not null,
  name text not null,
  properties text not null,
  paused boolean not null,
  definition bytea not null,
  archived boolean not null,
  actor text not null,
  at timestamptz not null,
  primary key (trigger_id, sequence)
);
