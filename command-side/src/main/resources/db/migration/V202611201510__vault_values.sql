-- The values of secrets, sealed; beside the keys, which are never in the same backup as the events.
create table keyring.vault (
  vault_id text primary key,
  tenant text not null,
  archived boolean not null default false
);
create table keyring.vault_value (
  vault_id text not null references keyring.vault,
  name text not null,
  version bigint not null,
  kind text not null,
  sealed bytea not null,
  primary key (vault_id, name)
);
grant select, insert, update on keyring.vault to ${application};
grant select, insert, update, delete on keyring.vault_value to ${application};
