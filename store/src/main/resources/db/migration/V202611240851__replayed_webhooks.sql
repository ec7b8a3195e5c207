-- Digests of the signatures of deliveries that were deleted, so that a signed webhook without a time
-- is not accepted again.
create table inbound_signature (
  trigger_id text not null,
  digest bytea not null,
  delivery_id text not null,
  received_at timestamptz not null,
  primary key (trigger_id, digest)
);
create index on inbound_signature (received_at);
