-- The reservations that are open, for the job that looks after runs that never came. Kept by a
-- handler of the quota's events, in the transaction of its token.
create table quota_reservation (
  run_id text primary key,
  tenant text not null,
  session_id text not null,
  until timestamptz not null
);
create index on quota_reservation (until);

-- How many calls everybody has left. Lost with a crash, which gives everybody all of them again.
create unlogged table quota_bucket (
  id text primary key,
  state bytea,
  expires_at bigint
);
create index on quota_bucket (expires_at);
