-- What is asked beside conversations, and what was learnt last of sessions' processes.
create table aside_row (
  id text primary key,
  tenant text not null,
  session_id text not null,
  kind text not null,
  state text not null,
  words bytea,
  answer bytea,
  silence text,
  reason bytea,
  asked_by text not null,
  sequence bigint not null,
  asked_at timestamptz not null,
  settled_at timestamptz);
create index aside_row_newest on aside_row (session_id, sequence desc);

create table known_fact_row (
  session_id text primary key,
  tenant text not null,
  model text,
  tokens bigint not null,
  tokens_max bigint not null,
  breakdown bytea,
  measured_in bigint,
  measured_at timestamptz,
  capabilities bytea,
  known_in bigint,
  known_at timestamptz);
