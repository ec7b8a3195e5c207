-- Audit log: actions and denials with actor, credential and source. Filled from all events.
create table audit_row (
  id text primary key,
  tenant text not null,
  at timestamptz not null,
  actor_type text,
  actor_id text,
  credential_id text,
  action text not null,
  resource_type text not null,
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
