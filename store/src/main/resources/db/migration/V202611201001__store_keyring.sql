-- A schema of its own, so that it is never in the same backup as the events.
create schema keyring;
grant usage on schema keyring to ${application};

create table keyring.session_key (
  key_id text primary key,
  wrapped bytea not null
);
grant select, insert, delete on keyring.session_key to ${application};
