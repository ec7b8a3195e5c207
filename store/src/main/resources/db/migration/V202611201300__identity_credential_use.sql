-- When a credential was used last, coarsely. Not in the event store; written by the authentication.
create table credential_use (
  credential text primary key,
  used_at timestamptz not null
);
