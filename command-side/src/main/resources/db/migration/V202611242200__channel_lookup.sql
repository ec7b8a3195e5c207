-- Channels, also archived ones, whose name is empty; written in the transaction of their events.
create table channel_lookup (
  channel_id text primary key,
  tenant text not null,
  owner text not null,
  name text not null,
  platform text not null,
  properties text not null,
  version bigint not null,
  paused boolean not null,
  archived boolean not null
);
create index on channel_lookup (tenant, archived);
create unique index on channel_lookup (tenant, name) where not archived;

-- Messages and statuses that platforms sent. The content is sealed under the key of the channel. A
-- row loses its payload after some weeks and is removed after a year; until then it detects
-- repetitions.
create table inbound_chat_item (
  number bigint generated always as identity primary key,
  tenant text not null,
  channel_id text not null,
  -- The platform's id of a message, or that of a status with the status.
  item_key text not null,
  -- Chat whose job records it; the channel, while the message of a status is not known.
  queue text not null,
  payload bytea not null,
  status text not null,
  tries int not null default 0,
  due_at timestamptz not null,
  received_at timestamptz not null,
  unique (channel_id, item_key)
);
create index on inbound_chat_item (queue, number) where status <> 'DONE';
create index on inbound_chat_item (channel_id) where status <> 'DONE';
create index on inbound_chat_item (received_at);

-- Messages of chats by the ids that their platform gave to their parts.
create table chat_platform_message (
  channel_id text not null,
  platform_message_id text not null,
  chat_id text not null,
  message_id text not null,
  is_last boolean not null,
  primary key (channel_id, platform_message_id)
);

create table chat_inbound_job (
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
create index on chat_inbound_job (execution_time);
create index on chat_inbound_job (last_heartbeat);
