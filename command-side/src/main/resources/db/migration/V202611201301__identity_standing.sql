-- Who may come in: written in the transaction of the events that say so, read at every request.
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

-- Of a key only the hash; the old one counts until its overlap is over.
create table identity_key (
  credential text primary key,
  user_id text not null,
  tenant text not null,
  agent_id text,
  scopes text not null,
  sha256 bytea not null check (length(sha256) = 32),
  old_sha256 bytea check (length(old_sha256) = 32),
  old_until timestamptz,
  expires_at timestamptz,
  over boolean not null
);
create index on identity_key (user_id) where not over;
create index on identity_key (expires_at) where not over;

create table identity_login (
  credential text primary key,
  user_id text not null,
  over boolean not null,
  ends_at timestamptz not null
);
create index on identity_login (user_id) where not over;
create index on identity_login (ends_at);

-- Who was the first to sign up: the one admin that nobody had to invite.
alter table local_owner add column first_admin text;
