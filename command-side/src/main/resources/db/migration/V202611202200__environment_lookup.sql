-- Current environments: written in the transaction of their events.
create table environment_lookup (
  environment_id text primary key,
  tenant text not null,
  name text not null,
  definition text not null,
  archived boolean not null,
  unique (tenant, name)
);

-- The environment of sessions that name none.
create table environment_default (
  tenant text primary key,
  environment_id text not null,
  change_number bigint not null
);

-- Environments in which a session was ever opened: they cannot be deleted.
create table environment_use (
  environment_id text primary key
);
