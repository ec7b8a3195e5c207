-- Reports; archived_at is the time of the deletion.
create table report_row (
  id text primary key,
  tenant text not null,
  name text not null,
  requester text not null,
  definition text not null,
  session_id text,
  status text not null,
  percent int not null,
  stage text,
  failure text,
  file text,
  started_at timestamptz,
  ended_at timestamptz,
  sequence bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index on report_row (tenant, requester, created_at desc, id desc) where archived_at is null;
