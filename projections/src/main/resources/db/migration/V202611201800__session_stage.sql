-- Where sessions stand in their life, and by which tags they are found.
alter table session_row add column stage text not null default 'OPEN';
alter table session_row add column stage_since timestamptz;
update session_row set stage_since = created_at;
alter table session_row alter column stage_since set not null;
alter table session_row add column tags varchar(50)[] not null default '{}';
create index session_row_stage on session_row (tenant, stage, created_at desc, id desc);
create index session_row_tags on session_row using gin (tags);
create index session_row_idle on session_row (stage, activity, updated_at);
