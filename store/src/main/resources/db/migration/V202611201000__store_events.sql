-- Default privileges of the application; tables that must never change revoke them.
grant usage on schema public to ${application};
alter default privileges in schema public
  grant select, insert, update, delete on tables to ${application};
alter default privileges in schema public
  grant usage, select on sequences to ${application};

create table event (
  globalindex bigserial primary key,
  aggregateidentifier text not null,
  sequencenumber bigint not null,
  type text not null,
  eventidentifier text not null unique,
  metadata bytea not null,
  payload bytea not null,
  payloadrevision text not null,
  payloadtype text not null,
  timestamp text not null,
  unique (aggregateidentifier, sequencenumber)
);
revoke update, delete, truncate on event from ${application};

-- Index order is commit order: the lock is taken before the index is drawn, and held until commit.
create function event_order() returns trigger language plpgsql as
  $$ begin perform pg_advisory_xact_lock(7309453671); return null; end $$;
create trigger event_order before insert on event
  for each statement execute function event_order();

create table snapshot (
  aggregateidentifier text not null,
  sequencenumber bigint not null,
  type text not null,
  eventidentifier text not null unique,
  metadata bytea,
  payload bytea not null,
  payloadrevision text,
  payloadtype text not null,
  timestamp text not null,
  primary key (aggregateidentifier, sequencenumber)
);

create table token (
  processorname text not null,
  segment integer not null,
  token bytea,
  tokentype text,
  timestamp text,
  owner text,
  primary key (processorname, segment)
);

create table saga (
  sagaid text primary key,
  revision text,
  sagatype text,
  serializedsaga bytea
);

create table saga_association (
  id bigserial primary key,
  associationkey text,
  associationvalue text,
  sagaid text,
  sagatype text
);
create index on saga_association (associationkey, associationvalue, sagatype);
create index on saga_association (sagaid, sagatype);
