-- Rebuilds of a projection are numbered: a worker compares the number with its batches, so that one
-- that was cancelled does not go on with the tables of the next.
alter table projection_rebuild add column number bigint not null default 1;
alter table projection_rebuild alter column number drop default;
-- The schema has the number in its name now: rebuilds in progress begin again.
update projection_rebuild set shape = '';
