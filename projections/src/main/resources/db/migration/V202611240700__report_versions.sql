-- Reports are found by the SHA-256 of their files; schedules have versions. Rebuilt from all events.
truncate report_row, report_schedule_row, report_settings_row, report_template_row,
  report_template_version_row;
delete from token where processorName = 'report';
alter table report_row add column sha256 text;
create index on report_row (tenant, requester, sha256) where sha256 is not null;
alter table report_schedule_row add column version bigint not null;
