-- Messages that wait to be sent to their contacts, or are being sent; a row is removed with the
-- event that they were sent or failed. Written in the transaction of the events.
create table chat_outbound_message (
  chat_id text not null,
  number bigint not null,
  tenant text not null,
  channel_id text not null,
  message_id text not null,
  -- Position of the message in the stream of its chat.
  sequence bigint not null,
  -- Ids that the platform gave to the parts that it accepted, in order; the next part follows them.
  part_ids text[] not null default '{}',
  -- Set before the request of a part and cleared with its result.
  requested boolean not null default false,
  tries int not null default 0,
  first_try_at timestamptz,
  due_at timestamptz not null,
  primary key (chat_id, number)
);
create index on chat_outbound_message (channel_id);
create unique index on chat_outbound_message (message_id);

create table chat_outbound_job (
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
create index on chat_outbound_job (execution_time);
create index on chat_outbound_job (last_heartbeat);
