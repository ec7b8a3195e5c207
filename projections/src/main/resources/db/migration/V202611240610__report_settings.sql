-- Report settings of tenants.
create table report_settings_row (
  id text primary key,
  tenant text not null,
  name text not null,
  settings text not null,
  logo bytea,
  version bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
-- Reports by their type and end, for the retention.
create index on report_row (tenant, name, ended_at) where archived_at is null;
