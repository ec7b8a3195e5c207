-- When a server was looked at last, whatever was found: what is found is in its events, once.
create table mcp_look (
  mcp_server_id text primary key,
  looked_at timestamptz not null
);
