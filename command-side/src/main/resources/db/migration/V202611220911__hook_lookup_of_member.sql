-- Hooks that owners attached to their sessions.
alter table hook_lookup add column of_member boolean not null default false;
create index on hook_lookup (target) where of_member;
