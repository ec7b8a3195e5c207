-- Sealed values of secrets, in the schema of the keys, which is never in the backup of the events.
create table keyring.vault (
  vault_id text primary key,
  tenant text not null,
  archived boolean not null default false
);
create table keyring.vault_value (
  vault_id text not null references keyring.vault,
  name text not null,
  version bigint not null,
  type text not null,
  sealed bytea not null,
  primary key (vault_id, name)
);
grant select, insert, update on keyring.vault to ${application};
grant select, insert, update, delete on keyring.vault_value to ${application};
