-- Sessions that a fork or clone branched off, directly or not: their policies restrict it, too.
-- Written in the transaction of the event that opened it.
create table session_ancestor (
  session_id text not null,
  ancestor_id text not null,
  primary key (session_id, ancestor_id)
);
create index on session_ancestor (ancestor_id);
