-- Agents that are not archived, by their names; written in the transaction of their events.
create table agent_lookup (
  agent_id text primary key,
  tenant text not null,
  name text not null,
  unique (tenant, name)
);
