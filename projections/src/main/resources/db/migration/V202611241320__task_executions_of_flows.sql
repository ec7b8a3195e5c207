-- The flow that an execution is a step of, for costs by flow. Flows are new in this version.
alter table execution_row add column flow_id text;
create index on execution_row (tenant, flow_id) where flow_id is not null;
