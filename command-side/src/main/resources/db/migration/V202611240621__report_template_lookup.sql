-- Report templates that are not archived, for their names and their number.
create table report_template_lookup (
  template_id text primary key,
  tenant text not null,
  name text not null
);
create index on report_template_lookup (tenant, name);
