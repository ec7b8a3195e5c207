-- Current permission mode, for filters of lists.
alter table session_row add column permission_mode text
  generated always as (options::jsonb ->> 'permissionMode') stored;
