-- Environments, their versions, and each tenant's default.
create table environment_row (
  id text primary key,
  tenant text not null,
  name text not null,
  definition text not null,
  notes bytea,
  version bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz,
  deleted boolean not null
);
create index on environment_row (tenant, created_at desc, id desc) where not deleted;

create table environment_version_row (
  environment_id text not null,
  sequence bigint not null,
  event text not null,
  version bigint not null,
  name text not null,
  definition text not null,
  notes bytea,
  archived boolean not null,
  actor text not null,
  at timestamptz not null,
  primary key (environment_id, sequence)
);

create table environment_default_row (
  tenant text primary key,
  environment_id text not null,
  change_number bigint not null
);
