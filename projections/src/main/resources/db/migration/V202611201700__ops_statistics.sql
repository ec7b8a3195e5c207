-- Runs of a tenant, day by day.
create index run_row_days on run_row (tenant, requested_at);
