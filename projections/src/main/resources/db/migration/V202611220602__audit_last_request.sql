-- Denials that were counted together have a first request (request_id) and a last one.
alter table audit_row add column last_request_id text;
create index on audit_row (tenant, last_request_id);
