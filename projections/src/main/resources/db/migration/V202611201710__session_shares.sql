-- Shares of sessions. Everything here can be emptied and filled again from the events.
create table share_row (
  session_id text not null,
  audience text not null,
  tenant text not null,
  access text not null,
  shared_at timestamptz not null,
  primary key (session_id, audience));
create index share_row_audience on share_row (tenant, audience, session_id);
create index session_row_owner on session_row (tenant, owner, created_at desc, id desc);
