-- Failed reports of a schedule in a row are counted: a retention may have deleted the reports.
alter table report_schedule_lookup
  add column failures integer not null default 0;
alter table report_lookup
  drop column requested_at,
  drop column failed;
