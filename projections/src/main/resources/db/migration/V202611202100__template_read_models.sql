-- Templates, their versions, and how often they were used.
create table template_row (
  id text primary key,
  tenant text not null,
  owner text not null,
  sharing text not null,
  name text not null,
  definition bytea not null,
  version bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on template_row (tenant, created_at desc, id desc);

create table template_version_row (
  template_id text not null,
  sequence bigint not null,
  version bigint not null,
  sharing text not null,
  name text not null,
  definition bytea not null,
  archived boolean not null,
  actor text not null,
  at timestamptz not null,
  primary key (template_id, sequence)
);

-- Sessions opened from templates: each is counted once, however often its event is handled.
create table template_use_row (
  session_id text primary key,
  template_id text not null,
  at timestamptz not null
);

create table template_count_row (
  template_id text primary key,
  uses bigint not null,
  last_used_at timestamptz not null
);
