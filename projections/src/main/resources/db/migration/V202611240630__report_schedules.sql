-- Report schedules; archived_at is the time of the deletion.
create table report_schedule_row (
  id text primary key,
  tenant text not null,
  name text not null,
  owner text not null,
  schedule text not null,
  paused boolean not null,
  pause_reason text not null,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on report_schedule_row (tenant, owner, created_at desc, id desc);

-- Reports name their schedule. Rebuilt from all events.
alter table report_row add column schedule_id text;
truncate report_row, report_settings_row, report_template_row, report_template_version_row;
delete from token where processorName = 'report';
