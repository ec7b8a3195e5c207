alter table template_row add column category text not null default '';

-- Sessions of a template, newest first, for its statistics.
create index on template_use_row (template_id, at desc);
