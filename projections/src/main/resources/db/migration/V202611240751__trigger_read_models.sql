-- Triggers. Their deliveries are read from the table in which they are received.
create table trigger_row (
  id text primary key,
  tenant text not null,
  owner text not null,
  name text not null,
  properties text not null,
  provider text not null,
  paused boolean not null,
  definition bytea not null,
  version bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on trigger_row (tenant, created_at desc, id desc);
