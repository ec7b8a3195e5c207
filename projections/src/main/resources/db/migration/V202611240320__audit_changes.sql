-- Changes of configuration with values before and after, and the last state that they are found
-- from. The read model is rebuilt from all events, so that older entries have their changes, too.
truncate audit_row;
delete from token where processorName = 'audit';
alter table audit_row add column changes text;
alter table audit_row add column changes_omitted integer not null default 0;
create index on audit_row (tenant, at desc, id desc) where changes is not null;
create index on audit_row (tenant, resource_type, at desc, id desc);

-- One row for each configuration, and for each part of it that has a key, such as a secret.
create table audit_state (
  resource_id text not null,
  part text not null,
  sequence bigint not null,
  state text not null,
  primary key (resource_id, part)
);
