-- Open reservations, for the job that ends those of runs that never started. Written by a handler
-- of the quota's events, in the transaction of its token.
create table quota_reservation (
  run_id text primary key,
  tenant text not null,
  session_id text not null,
  expires_at timestamptz not null
);
create index on quota_reservation (expires_at);

-- Rate limit buckets. A crash empties the table, which resets all limits.
create unlogged table quota_bucket (
  id text primary key,
  state bytea,
  expires_at bigint
);
create index on quota_bucket (expires_at);
