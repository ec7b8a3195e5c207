-- Read models of tenants, users and credentials. Names and addresses stay sealed; there is no secret
-- and no hash. Everything can be emptied and filled again from the events.
create table tenant_row (
  id text primary key,
  name text not null,
  suspended boolean not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null);
create index tenant_row_newest on tenant_row (created_at desc, id desc);

create table user_row (
  id text primary key,
  tenant text not null,
  role text not null,
  status text not null,
  join_method text not null,
  issuer text,
  name bytea,
  email bytea,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null);
create index user_row_newest on user_row (tenant, created_at desc, id desc);

create table key_row (
  id text primary key,
  tenant text not null,
  owner text not null,
  agent_id text,
  name bytea,
  prefix text not null,
  scopes text not null,
  status text not null,
  sequence bigint not null,
  created_at timestamptz not null,
  rotated_at timestamptz,
  expires_at timestamptz);
create index key_row_newest on key_row (tenant, created_at desc, id desc);
create index key_row_owner on key_row (tenant, owner, created_at desc, id desc);

create table login_row (
  id text primary key,
  tenant text not null,
  user_id text not null,
  ip text,
  user_agent text,
  sequence bigint not null,
  started_at timestamptz not null,
  refreshed_at timestamptz,
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text);
create index login_row_newest on login_row (tenant, user_id, started_at desc, id desc);
create index login_row_live on login_row (user_id) where ended_at is null;

create table invitation_row (
  id text primary key,
  tenant text not null,
  user_id text not null,
  role text not null,
  email bytea,
  status text not null,
  invited_by text not null,
  sequence bigint not null,
  created_at timestamptz not null,
  expires_at timestamptz not null);
create index invitation_row_newest on invitation_row (tenant, created_at desc, id desc);
