-- Who did what, with what, from where, and who was refused. Filled from the events of all families.
create table audit_row (
  id text primary key,
  tenant text not null,
  at timestamptz not null,
  actor_kind text,
  actor_id text,
  credential text,
  action text not null,
  resource_kind text not null,
  resource_id text not null,
  outcome text not null,
  count bigint not null,
  ip text,
  user_agent text,
  request_id text not null,
  details text not null
);
create index on audit_row (tenant, at desc, id desc);
create index on audit_row (tenant, actor_id, at desc, id desc);
create index on audit_row (tenant, resource_id, at desc, id desc);
create index on audit_row (tenant, action, at desc, id desc);
create index on audit_row (tenant, request_id);
