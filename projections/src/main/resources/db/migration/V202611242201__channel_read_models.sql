create table channel_row (
  id text primary key,
  tenant text not null,
  owner text not null,
  name text not null,
  properties text not null,
  platform text not null,
  -- Members as SharedWithColumn.
  members text not null,
  agent_id text not null,
  paused boolean not null,
  definition bytea not null,
  version bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on channel_row (tenant, created_at desc, id desc);

create table channel_version_row (
  channel_id text not null,
  sequence bigint not null,
  version bigint not null,
  name text not null,
  properties text not null,
  paused boolean not null,
  definition bytea not null,
  archived boolean not null,
  actor text not null,
  at timestamptz not null,
  primary key (channel_id, sequence)
);

create table chat_row (
  id text primary key,
  tenant text not null,
  name text not null,
  channel_id text not null,
  contact bytea not null,
  status text not null,
  assignee text not null,
  agent_state text not null,
  taken_over_by text not null,
  escalation bytea,
  -- Each label with a line feed before and after it.
  labels text not null,
  messages bigint not null,
  last_of_contact bigint not null,
  last_sender text not null,
  last_content bytea,
  last_message_at timestamptz not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on chat_row (tenant, last_message_at desc, id desc);
create index on chat_row (channel_id, last_message_at desc, id desc);

create table chat_message_row (
  id text primary key,
  chat_id text not null,
  number bigint not null,
  sender_type text not null,
  sender_id text not null,
  content bytea not null,
  media text not null,
  status text not null,
  failure text not null,
  deliveries text not null,
  at timestamptz not null
);
create unique index on chat_message_row (chat_id, number);

create table chat_note_row (
  id text primary key,
  chat_id text not null,
  author text not null,
  text bytea not null,
  at timestamptz not null
);
create index on chat_note_row (chat_id, at desc, id desc);

create table chat_read_row (
  chat_id text not null,
  user_id text not null,
  through bigint not null,
  primary key (chat_id, user_id)
);
