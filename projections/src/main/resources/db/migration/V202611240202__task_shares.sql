-- Users with whom tasks are shared: ids, separated by blanks.
alter table task_row add column shared_with text not null default '';
alter table task_version_row add column shared_with text not null default '';
