-- Active policies: written in the transaction of their events.
create table policy_lookup (
  policy_id text primary key,
  tenant text not null,
  scope text not null,
  target text not null,
  version bigint not null,
  name text not null,
  definition text not null
);
create index on policy_lookup (tenant, scope, target);

-- Tool groups, by the names that policies and sessions use.
create table tool_group_lookup (
  group_id text primary key,
  tenant text not null,
  name text not null,
  version bigint not null,
  tools text[] not null,
  unique (tenant, name)
);
