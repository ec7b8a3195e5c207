-- Locks of OAuth token renewals; a row lasts as long as the renewal, at most until it expires.
create table mcp_token_renewal (
  vault_id text not null,
  name text not null,
  holder text not null,
  expires_at timestamptz not null,
  primary key (vault_id, name)
);
