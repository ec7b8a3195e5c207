-- When a secret was opened last: written by who opens, read by who answers. No event, for it says
-- nothing that happened to the vault.
create table vault_use (
  vault_id text not null,
  name text not null,
  last_used_at timestamptz not null,
  primary key (vault_id, name)
);
