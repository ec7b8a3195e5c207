-- Which node has the CLI process of a session. Rows are never deleted while the session exists:
-- an epoch must not begin again, the session would take it for an old one.
create table claude_lease (
  session_id text primary key,
  node text not null,
  epoch bigint not null check (epoch > 0),
  expires_at timestamptz not null
);
