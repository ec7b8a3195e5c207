-- What a session goes by now, so that lists can be narrowed to it.
alter table session_row add column permission_mode text
  generated always as (options::jsonb ->> 'permissionMode') stored;
