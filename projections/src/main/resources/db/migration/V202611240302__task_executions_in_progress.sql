-- Executions in progress, for the usage of their users.
create index on execution_row (tenant, user_id) where status = 'RUNNING';
