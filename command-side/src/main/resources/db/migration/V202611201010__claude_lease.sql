-- Which node has the CLI process of a session. Rows are not deleted while the session exists:
-- epochs must not start again, the session would reject them as stale.
create table claude_lease (
  session_id text primary key,
  node text not null,
  epoch bigint not null check (epoch > 0),
  expires_at timestamptz not null
);
