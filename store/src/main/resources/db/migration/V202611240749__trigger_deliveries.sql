-- Webhooks that triggers received. The payload is sealed under the key of the trigger. The command
-- side writes the rows, and the query side reads them.
create table inbound_delivery (
  delivery_id text primary key,
  sequence bigint generated always as identity,
  tenant text not null,
  trigger_id text not null,
  provider_delivery_id text not null,
  replay_key text,
  event_type text not null,
  signed boolean not null,
  request_id text not null,
  source_address text not null,
  user_agent text not null,
  payload bytea not null,
  payload_bytes bigint not null,
  concurrency_key text,
  status text not null,
  attempt integer not null,
  tries integer not null,
  outcome text,
  execution_id text,
  received_at timestamptz not null,
  due_at timestamptz not null,
  processed_at timestamptz
);
create unique index on inbound_delivery (trigger_id, provider_delivery_id);
create unique index on inbound_delivery (trigger_id, replay_key) where replay_key is not null;
create index on inbound_delivery (trigger_id, received_at desc, delivery_id desc);
create index on inbound_delivery (received_at);
create index inbound_delivery_pending on inbound_delivery (trigger_id, sequence)
  where status = 'PENDING';
create index on inbound_delivery (trigger_id, concurrency_key, sequence)
  where concurrency_key is not null;
