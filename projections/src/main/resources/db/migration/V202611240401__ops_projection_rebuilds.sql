-- The last rebuild of each projection. Its row is locked while a batch of events is handled, and is
-- written with the rows of the batch, so that one node at a time continues from the right position.
create table projection_rebuild (
  projection text primary key,
  status text not null,
  -- Of the shadow tables; those of another shape are created again.
  shape text not null,
  position bigint not null,
  events bigint not null,
  active_ms bigint not null,
  node text,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  failure text
);
