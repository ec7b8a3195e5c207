-- Lookup of credentials: written in the transaction of their events, read at every request.
create table identity_tenant (
  tenant text primary key,
  suspended boolean not null
);

create table identity_user (
  user_id text primary key,
  tenant text not null,
  role text not null,
  disabled boolean not null
);
create index on identity_user (tenant, role) where not disabled;

-- API keys by their hash; the old hash is valid until the overlap ends.
create table identity_key (
  credential text primary key,
  user_id text not null,
  tenant text not null,
  agent_id text,
  scopes text not null,
  sha256 bytea not null check (length(sha256) = 32),
  old_sha256 bytea check (length(old_sha256) = 32),
  old_expires_at timestamptz,
  expires_at timestamptz,
  ended boolean not null
);
create index on identity_key (user_id) where not ended;
create index on identity_key (expires_at) where not ended;

create table identity_login (
  credential text primary key,
  user_id text not null,
  ended boolean not null,
  expires_at timestamptz not null
);
create index on identity_login (user_id) where not ended;
create index on identity_login (expires_at);

-- The first user who signed up: the admin whom nobody invited.
alter table local_owner add column first_admin text;
