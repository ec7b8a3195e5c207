-- Active hooks: written in the transaction of their events.
create table hook_lookup (
  hook_id text primary key,
  tenant text not null,
  scope text not null,
  target text not null,
  name text not null,
  enabled boolean not null,
  point text not null,
  rank integer not null,
  number bigint generated always as identity,
  definition text not null
);
create index on hook_lookup (tenant, scope, target);
