-- Readers sort the entries of one time by id: few, or the denials that a node counted in a minute.
-- What distinguishes most entries is first, because a sort compares the columns one after the other.
drop index audit_row_time, audit_row_changes, audit_row_actor, audit_row_resource,
  audit_row_resource_type, audit_row_action, audit_row_request, audit_row_last_request;
create index audit_row_time on audit_row (tenant, at);
create index audit_row_changes on audit_row (tenant, at) where changes is not null;
create index audit_row_actor on audit_row (actor_id, tenant, at);
create index audit_row_resource on audit_row (resource_id, tenant, at);
create index audit_row_resource_type on audit_row (tenant, resource_type, at);
create index audit_row_action on audit_row (tenant, action, at);
create index audit_row_request on audit_row (request_id, tenant);
create index audit_row_last_request on audit_row (last_request_id, tenant)
  where last_request_id is not null;
