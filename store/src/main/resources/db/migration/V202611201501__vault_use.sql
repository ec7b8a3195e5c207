-- When a secret was opened last. Not an event: opening changes nothing in the vault.
create table vault_use (
  vault_id text not null,
  name text not null,
  last_used_at timestamptz not null,
  primary key (vault_id, name)
);
