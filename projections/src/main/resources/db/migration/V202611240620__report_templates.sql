-- Report templates and their versions.
create table report_template_row (
  id text primary key,
  tenant text not null,
  name text not null,
  type text not null,
  definition bytea not null,
  version bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on report_template_row (tenant, created_at desc, id desc);

create table report_template_version_row (
  template_id text not null,
  sequence bigint not null,
  version bigint not null,
  name text not null,
  type text not null,
  definition bytea not null,
  archived boolean not null,
  actor text not null,
  at timestamptz not null,
  primary key (template_id, sequence)
);

-- Definitions of reports name their template. Rebuilt from all events.
truncate report_row, report_settings_row;
delete from token where processorName = 'report';
