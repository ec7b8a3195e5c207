-- Triggers, also archived ones; written in the transaction of their events. A node leases a trigger
-- to process its deliveries in their order.
create table trigger_lookup (
  trigger_id text primary key,
  tenant text not null,
  owner text not null,
  provider text not null,
  is_default boolean not null,
  signature text not null,
  version bigint not null,
  paused boolean not null,
  archived boolean not null,
  node text,
  claimed_at timestamptz
);
create index on trigger_lookup (tenant, archived);
create unique index on trigger_lookup (tenant, provider) where is_default and not archived;

-- Executions with the same key start one after another.
alter table execution_queue add column concurrency_key text;
create index on execution_queue (tenant, concurrency_key) where concurrency_key is not null;

-- Executions in progress that a trigger started: its policies apply to their sessions.
create table triggered_execution (
  execution_id text primary key,
  trigger_id text not null
);
