-- Report schedules that are not deleted, for their number.
create table report_schedule_lookup (
  schedule_id text primary key,
  tenant text not null,
  owner text not null
);
create index on report_schedule_lookup (tenant, owner);
