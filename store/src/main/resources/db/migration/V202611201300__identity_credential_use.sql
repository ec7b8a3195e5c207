-- When a key or a login was used last. No fact of the record: coarse, and written by whoever lets in.
create table credential_use (
  credential text primary key,
  used_at timestamptz not null
);
