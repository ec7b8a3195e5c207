-- Which policies count now: written in the transaction of the events that say so.
create table policy_in_force (
  policy_id text primary key,
  tenant text not null,
  scope text not null,
  target text not null,
  version bigint not null,
  name text not null,
  terms text not null
);
create index on policy_in_force (tenant, scope, target);

-- Tools under names that policies and sessions use.
create table tool_group_in_force (
  group_id text primary key,
  tenant text not null,
  name text not null,
  version bigint not null,
  tools text[] not null,
  unique (tenant, name)
);
