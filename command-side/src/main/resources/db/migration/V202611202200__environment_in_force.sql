-- Environments as they are now: written in the transaction of the events that say so.
create table environment_in_force (
  environment_id text primary key,
  tenant text not null,
  name text not null,
  terms text not null,
  archived boolean not null,
  unique (tenant, name)
);

-- Which one those get who name none.
create table environment_standard (
  tenant text primary key,
  environment_id text not null,
  choice bigint not null
);

-- In which one sessions were ever opened: it stays.
create table environment_use (
  environment_id text primary key
);
