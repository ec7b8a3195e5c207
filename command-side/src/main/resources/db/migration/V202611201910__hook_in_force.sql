-- Which hooks are called now: written in the transaction of the events that say so.
create table hook_in_force (
  hook_id text primary key,
  tenant text not null,
  scope text not null,
  target text not null,
  name text not null,
  enabled boolean not null,
  point text not null,
  rank integer not null,
  number bigint generated always as identity,
  terms text not null
);
create index on hook_in_force (tenant, scope, target);
