-- Usage and cost by run, and aggregated by day. Can be emptied and filled again.
create table cost_session_row (
  session_id text primary key,
  agent_id text not null,
  owner text not null);

create table cost_run_row (
  id text primary key,
  tenant text not null,
  day date not null,
  run_id text not null,
  session_id text not null,
  user_id text not null,
  agent_id text not null,
  model text not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_5m_tokens bigint not null,
  cache_write_1h_tokens bigint not null,
  cost_nanos bigint not null,
  turns bigint not null,
  unpriced_turns bigint not null,
  sequence bigint not null);
create index cost_run_row_run on cost_run_row (tenant, run_id);
create index cost_run_row_session on cost_run_row (tenant, session_id);
create index cost_run_row_day on cost_run_row (tenant, day);

create table cost_day_row (
  id text primary key,
  tenant text not null,
  day date not null,
  user_id text not null,
  agent_id text not null,
  model text not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_5m_tokens bigint not null,
  cache_write_1h_tokens bigint not null,
  cost_nanos bigint not null,
  turns bigint not null,
  unpriced_turns bigint not null);
create index cost_day_row_day on cost_day_row (tenant, day);
