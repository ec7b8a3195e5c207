-- When a server was checked last. The results are in its events.
create table mcp_check (
  mcp_server_id text primary key,
  checked_at timestamptz not null
);
