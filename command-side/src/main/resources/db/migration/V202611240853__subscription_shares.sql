-- Users with whom sessions are shared; the empty user is everybody of the tenant.
create table subscription_share (
  session_id text not null,
  viewer text not null,
  primary key (session_id, viewer)
);

-- Events that were not collected because too many deliveries were pending.
create table subscription_gap (
  subscription_id text primary key,
  dropped_events bigint not null,
  last_dropped_at timestamptz not null
);
