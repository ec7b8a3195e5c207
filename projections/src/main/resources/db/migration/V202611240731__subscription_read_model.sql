create table subscription_row (
  id text primary key,
  tenant text not null,
  name text not null,
  sequence bigint not null,
  version bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz,
  owner text not null,
  definition text not null,
  status text not null,
  disable_reason text,
  previous_secret_valid_until timestamptz
);
create index on subscription_row (tenant, created_at, id);
create index on subscription_row (tenant, owner, created_at, id);
