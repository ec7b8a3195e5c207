-- Created at the first start and never changed: events refer to these ids.
create table local_owner (
  singleton boolean primary key default true check (singleton),
  tenant text not null,
  owner text not null,
  agent text not null,
  environment text not null,
  created_at timestamptz not null default now()
);

-- Each node has a key file of its own; this table has the hash of its key.
create table local_owner_key (
  node text primary key,
  credential text not null unique,
  key_sha256 bytea not null check (length(key_sha256) = 32),
  created_at timestamptz not null default now()
);
