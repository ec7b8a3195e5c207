-- What opens one socket: used once, on whichever node, and soon. No fact of the record.
create table identity_ticket (
  sha256 bytea primary key check (length(sha256) = 32),
  means text not null,
  expires_at timestamptz not null
);
create index on identity_ticket (expires_at);
