-- Flows of triggers, for the bounds of a trigger and of a concurrency key. Flows that are open now
-- count for their tenant only.
alter table flow_lookup add column trigger_id text not null default '';
alter table flow_lookup add column concurrency_key text not null default '';
create index on flow_lookup (tenant, trigger_id) where trigger_id <> '';
create index on flow_lookup (tenant, concurrency_key) where concurrency_key <> '';
