-- Tickets that open one WebSocket each: valid once, on any node, for a short time.
create table identity_ticket (
  sha256 bytea primary key check (length(sha256) = 32),
  credential text not null,
  expires_at timestamptz not null
);
create index on identity_ticket (expires_at);
