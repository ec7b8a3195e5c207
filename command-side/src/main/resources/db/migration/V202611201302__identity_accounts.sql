-- One account for each email address, by a keyed digest of the address.
create table user_email (
  digest bytea primary key check (length(digest) = 32),
  user_id text not null unique
);

-- Password hashes: in no event and in no response.
create table user_password (
  user_id text primary key,
  hash text not null,
  set_at timestamptz not null default now()
);

-- Sign-in attempts, counted before anything is checked, so that parallel attempts gain no tries.
create table sign_in_attempt (
  subject bytea primary key check (length(subject) = 32),
  attempts integer not null,
  open_at timestamptz not null,
  granted boolean not null,
  last_at timestamptz not null
);
create index on sign_in_attempt (last_at);

-- Refused sign-ins of a minute, until they are recorded in one event.
create table sign_in_refusal (
  minute timestamptz not null,
  credential text not null,
  ip text not null,
  reason text not null,
  user_id text,
  tenant text,
  user_agent text not null,
  count bigint not null,
  reported bigint not null,
  primary key (minute, credential, ip, reason)
);
