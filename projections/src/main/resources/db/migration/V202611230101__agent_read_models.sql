-- Agents and their versions.
create table agent_row (
  id text primary key,
  tenant text not null,
  owner text not null,
  sharing text not null,
  name text not null,
  definition bytea not null,
  version bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on agent_row (tenant, created_at desc, id desc);
create index on agent_row (tenant, name);

create table agent_version_row (
  agent_id text not null,
  sequence bigint not null,
  version bigint not null,
  sharing text not null,
  name text not null,
  definition bytea not null,
  archived boolean not null,
  actor text not null,
  at timestamptz not null,
  primary key (agent_id, sequence)
);
