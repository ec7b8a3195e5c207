-- Messages of chats that wait for their agent, and calls in progress. Written in the transaction of
-- the events.
create table chat_agent_state (
  chat_id text primary key,
  tenant text not null,
  channel_id text not null,
  active boolean not null,
  closed boolean not null default false,
  -- Numbers of the contact's messages that wait, and the times of their receipt.
  pending_from bigint,
  pending_through bigint,
  first_at timestamptz,
  last_at timestamptz,
  -- Call in progress: numbers of its messages, and when it is tried or checked next.
  call_from bigint,
  call_through bigint,
  session_id text,
  -- Run of an internal agent, until it fails; the position of its result in its session.
  run_id text,
  submitted boolean not null default false,
  result_sequence bigint,
  -- Session of the last call, and the number of the next one's: another after it was closed.
  last_session_id text,
  session_number int not null default 1,
  with_history boolean not null default false,
  tries int not null default 0,
  due_at timestamptz,
  failure text not null default ''
);
create index on chat_agent_state (channel_id)
  where pending_from is not null or call_through is not null;

create index on chat_agent_state (last_session_id);

create table chat_agent_job (
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
create index on chat_agent_job (execution_time);
create index on chat_agent_job (last_heartbeat);
