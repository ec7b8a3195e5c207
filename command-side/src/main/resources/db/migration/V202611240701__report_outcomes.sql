-- Outcomes of the reports of a schedule, which is paused when they fail; reports of a user are counted.
alter table report_lookup
  add column schedule_id text not null default '',
  add column requested_at timestamptz not null default 'epoch',
  add column failed boolean not null default false;
create index on report_lookup (tenant, requester);
create index on report_lookup (schedule_id, requested_at) where schedule_id <> '';
