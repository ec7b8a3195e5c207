-- Jobs that fetch the files of recorded messages; written in the transaction of their events.
create table chat_media_job (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamptz,
  picked boolean not null,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures int,
  last_heartbeat timestamptz,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);
create index on chat_media_job (execution_time);
create index on chat_media_job (last_heartbeat);

-- Files that the jobs of their messages fetched before.
insert into chat_media_job
  (task_name, task_instance, task_data, execution_time, picked, version)
select distinct 'fetch-chat-media', queue,
  convert_to(json_build_object('chat', queue)::text, 'UTF8'), now(), false, 1
from inbound_chat_item where status = 'RECORDED';
