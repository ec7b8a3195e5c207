-- Owners of sessions and the size of their stored content; written by a handler of their events.
create table quota_session (
  session_id text primary key,
  tenant text not null,
  owner text not null,
  content_bytes bigint not null default 0
);
create index on quota_session (tenant, owner);
