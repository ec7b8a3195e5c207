-- Files that a checkpoint shows as changed; null if unknown.
alter table checkpoint_row
  add column changed_files bigint,
  add column changed_paths bytea;
