-- Policies and their versions.
create table policy_row (
  id text primary key,
  tenant text not null,
  scope text not null,
  name text not null,
  definition text not null,
  version bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on policy_row (tenant, created_at desc, id desc);

create table policy_version_row (
  policy_id text not null,
  sequence bigint not null,
  version bigint not null,
  name text not null,
  definition text not null,
  archived boolean not null,
  actor text not null,
  at timestamptz not null,
  primary key (policy_id, sequence)
);

-- Pending actions of all sessions of a tenant.
create index on action_row (tenant, requested_at, id);

create table decision_row (
  id text primary key,
  tenant text not null,
  session_id text not null,
  run_id text not null,
  tool_call_id text not null,
  tool text not null,
  input_digest text not null,
  input bytea,
  request_reason bytea,
  sequence bigint not null,
  requested_at timestamptz not null,
  status text,
  actor text,
  decided_at timestamptz,
  updated_input bytea,
  reason bytea,
  remember_scope text
);
create index on decision_row (session_id, sequence);

-- Dry runs of policies read past calls, newest first.
create index on tool_call_row (tenant, called_at desc, tool_call_id desc);

create table tool_group_row (
  id text primary key,
  tenant text not null,
  name text not null,
  tools text[] not null,
  version bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on tool_group_row (tenant, name);
