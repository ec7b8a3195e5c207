-- Flows with their stories, and identities at providers.
create table flow_row (
  id text primary key,
  tenant text not null,
  name text not null,
  owner text not null,
  status text not null,
  origin text not null,
  trigger_id text not null,
  plan_task text,
  work_task text not null,
  plan_task_id text not null,
  work_task_id text not null,
  source_key text not null,
  definition bytea not null,
  plan bytea,
  plan_at timestamptz,
  decide_until timestamptz,
  branch text not null,
  pull_request bytea,
  error_code text not null,
  error bytea,
  steps text not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz,
  ended_at timestamptz
);
create index on flow_row (tenant, created_at desc, id desc);
create index on flow_row (tenant, owner, created_at desc, id desc);
create index on flow_row (tenant, source_key) where status = 'AWAITING_APPROVAL';

create table source_identity_row (
  id text primary key,
  tenant text not null,
  name text not null,
  user_id text not null,
  account_id bytea not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on source_identity_row (tenant, created_at desc, id desc);
