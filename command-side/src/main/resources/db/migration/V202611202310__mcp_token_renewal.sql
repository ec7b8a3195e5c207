-- Who renews which OAuth token just now; a row lives as long as its renewal, or until it is over.
create table mcp_token_renewal (
  vault_id text not null,
  name text not null,
  holder text not null,
  until timestamptz not null,
  primary key (vault_id, name)
);
