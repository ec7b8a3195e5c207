-- Keys that sign access tokens. The private part is sealed; the public one is published until the
-- last token of the key has expired.
create table keyring.signing_key (
  key_id text primary key,
  public_jwk text not null,
  sealed bytea not null,
  created_at timestamptz not null,
  active_from timestamptz not null,
  published_until timestamptz
);
grant select, insert, update, delete on keyring.signing_key to ${application};

-- Secrets of the installation that every node needs, sealed.
create table keyring.installation_secret (
  name text primary key,
  sealed bytea not null
);
grant select, insert on keyring.installation_secret to ${application};
