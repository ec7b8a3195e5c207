-- In the order in which entries are added: pages are filled, and not split in the middle. Readers
-- of the newest entries scan backward.
drop index audit_row_tenant_at_id_idx;
drop index audit_row_tenant_at_id_idx1;
drop index audit_row_tenant_actor_id_at_id_idx;
drop index audit_row_tenant_resource_id_at_id_idx;
drop index audit_row_tenant_resource_type_at_id_idx;
drop index audit_row_tenant_action_at_id_idx;
drop index audit_row_tenant_request_id_idx;
drop index audit_row_tenant_last_request_id_idx;
create index audit_row_time on audit_row (tenant, at, id);
create index audit_row_changes on audit_row (tenant, at, id) where changes is not null;
create index audit_row_actor on audit_row (tenant, actor_id, at, id);
create index audit_row_resource on audit_row (tenant, resource_id, at, id);
create index audit_row_resource_type on audit_row (tenant, resource_type, at, id);
create index audit_row_action on audit_row (tenant, action, at, id);
create index audit_row_request on audit_row (tenant, request_id);
create index audit_row_last_request on audit_row (tenant, last_request_id)
  where last_request_id is not null;
