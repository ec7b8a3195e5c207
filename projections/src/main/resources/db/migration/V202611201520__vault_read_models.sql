-- Vaults and the names of their secrets; the values are in the keyring's schema.
create table vault_row (
  id text primary key,
  tenant text not null,
  owner text not null,
  name text not null,
  secrets integer not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on vault_row (tenant, created_at desc, id desc);

create table secret_row (
  vault_id text not null,
  name text not null,
  version bigint not null,
  type text not null,
  target text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (vault_id, name)
);
