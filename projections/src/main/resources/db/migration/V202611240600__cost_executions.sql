-- The execution that opened a session, for costs by task. Rebuilt from all events.
truncate cost_session_row, cost_run_row, cost_day_row;
delete from token where processorName = 'cost';
alter table cost_session_row add column execution_id text;
