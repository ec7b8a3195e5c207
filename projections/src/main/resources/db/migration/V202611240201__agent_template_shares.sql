-- Users with whom agents and templates are shared: ids, separated by blanks.
alter table agent_row add column shared_with text not null default '';
alter table agent_version_row add column shared_with text not null default '';
alter table template_row add column shared_with text not null default '';
alter table template_version_row add column shared_with text not null default '';
