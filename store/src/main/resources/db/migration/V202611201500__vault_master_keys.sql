-- Which master keys wrap something. A key that nothing is wrapped with may go; the reference keeps
-- it from going earlier, whoever asks and whatever a slow node is about to write.
create table keyring.master_key (
  id text primary key,
  state text not null check (state in ('announced', 'primary', 'old')),
  since timestamptz not null default now()
);
-- One that wraps, and at most one on its way there.
create unique index on keyring.master_key (state) where state in ('announced', 'primary');

-- What each node says that it holds. A key is not wrapped with before every living node has it.
create table keyring.master_holder (
  node text not null,
  master text not null references keyring.master_key on delete cascade,
  seen_at timestamptz not null default now(),
  primary key (node, master)
);

-- Null until the first start after this migration: it finds out.
alter table keyring.session_key add column master text references keyring.master_key;
create index on keyring.session_key (master);

grant select, insert, update, delete on keyring.master_key to ${application};
grant select, insert, update, delete on keyring.master_holder to ${application};
grant update on keyring.session_key to ${application};
