-- Lifecycle status and tags of sessions.
alter table session_row add column lifecycle text not null default 'OPEN';
alter table session_row add column lifecycle_since timestamptz;
update session_row set lifecycle_since = created_at;
alter table session_row alter column lifecycle_since set not null;
alter table session_row add column tags varchar(50)[] not null default '{}';
create index session_row_lifecycle on session_row (tenant, lifecycle, created_at desc, id desc);
create index session_row_tags on session_row using gin (tags);
create index session_row_idle on session_row (lifecycle, activity, updated_at);
