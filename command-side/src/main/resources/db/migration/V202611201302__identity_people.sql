-- One account for each address: a keyed digest of it, which tells nobody what it is.
create table user_address (
  digest bytea primary key check (length(digest) = 32),
  user_id text not null unique
);

-- Never in an event, and shown to nobody.
create table user_password (
  user_id text primary key,
  hash text not null,
  set_at timestamptz not null default now()
);

-- What is tried at the door. Counted before anything is checked, so that no race gets more tries.
create table sign_in_attempt (
  subject bytea primary key check (length(subject) = 32),
  attempts integer not null,
  open_at timestamptz not null,
  granted boolean not null,
  last_at timestamptz not null
);
create index on sign_in_attempt (last_at);

-- Refusals of the minute, until they are told together.
create table sign_in_refusal (
  minute timestamptz not null,
  door text not null,
  ip text not null,
  reason text not null,
  user_id text,
  tenant text,
  user_agent text not null,
  count bigint not null,
  told bigint not null,
  primary key (minute, door, ip, reason)
);
