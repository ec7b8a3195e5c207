-- Hooks that are attached to sessions.
create table session_hook_row (
  hook_id text primary key,
  session_id text not null,
  name text not null,
  hook text not null
);
create index on session_hook_row (session_id);
