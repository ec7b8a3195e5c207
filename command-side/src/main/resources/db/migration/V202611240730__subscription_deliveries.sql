-- Subscriptions that are not deleted, for their number.
create table subscription_lookup (
  subscription_id text primary key,
  tenant text not null,
  owner text not null
);
create index on subscription_lookup (tenant);

-- Subscriptions as of the last event that was collected; the signing secrets are sealed.
create table subscription_state (
  subscription_id text primary key,
  tenant text not null,
  active boolean not null,
  owner text not null,
  definition text not null,
  secrets text not null
);
create index on subscription_state (tenant) where active;

-- Present owners of sessions that were transferred.
create table subscription_transfer (
  session_id text primary key,
  owner text not null
);

create table subscription_delivery (
  subscription_id text not null,
  delivery_id text not null,
  number bigint generated always as identity,
  tenant text not null,
  channel int not null,
  event_type text not null,
  event_id text not null,
  resource_id text not null,
  session_id text,
  sequence bigint not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  status text not null,
  -- Only the first pending delivery of a resource has one.
  due_at timestamptz,
  attempts int not null default 0,
  tries int not null default 0,
  first_try_at timestamptz,
  ended_at timestamptz,
  http_status int,
  failure text,
  primary key (subscription_id, delivery_id),
  unique (number)
);
create index on subscription_delivery (subscription_id, created_at, delivery_id);
create index on subscription_delivery (subscription_id, channel, due_at) where status = 'PENDING';
create index on subscription_delivery (subscription_id, resource_id, number)
  where status = 'PENDING';
create index on subscription_delivery (created_at);

create table subscription_attempt (
  subscription_id text not null,
  delivery_id text not null,
  attempt int not null,
  at timestamptz not null,
  duration_ms bigint not null,
  http_status int,
  failure text,
  primary key (subscription_id, delivery_id, attempt)
);

-- Breaks after requests without a response.
create table subscription_channel (
  subscription_id text not null,
  channel int not null,
  unanswered int not null,
  break_until timestamptz not null,
  primary key (subscription_id, channel)
);

-- Subscriptions whose last attempt failed.
create table subscription_health (
  subscription_id text primary key,
  failing_since timestamptz not null,
  last_attempt_at timestamptz not null
);

create table subscription_job (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamptz,
  picked boolean not null,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures int,
  last_heartbeat timestamptz,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);
create index on subscription_job (execution_time);
create index on subscription_job (last_heartbeat);
