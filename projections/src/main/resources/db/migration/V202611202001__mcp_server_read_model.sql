-- MCP servers: their connections (secrets are references) and their last snapshots.
create table mcp_server_row (
  id text primary key,
  tenant text not null,
  owner text not null,
  name text not null,
  connection text not null,
  enabled boolean not null,
  suspended boolean not null,
  approved_digest text,
  snapshot text,
  failure text,
  checked_at timestamptz,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on mcp_server_row (tenant, created_at desc, id desc);
