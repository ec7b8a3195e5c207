-- Master keys. A key that wraps nothing may be deleted; the reference from the keys that it wraps
-- prevents it earlier, also while a slow node is about to write.
create table keyring.master_key (
  id text primary key,
  status text not null check (status in ('announced', 'primary', 'old')),
  since timestamptz not null default now()
);
-- One primary key, and at most one that is about to become primary.
create unique index on keyring.master_key (status) where status in ('announced', 'primary');

-- The master keys that each node holds. A key wraps nothing before every live node holds it.
create table keyring.master_holder (
  node text not null,
  master text not null references keyring.master_key on delete cascade,
  seen_at timestamptz not null default now(),
  primary key (node, master)
);

-- Null until the first start after this migration determines it.
alter table keyring.session_key add column master text references keyring.master_key;
create index on keyring.session_key (master);

grant select, insert, update, delete on keyring.master_key to ${application};
grant select, insert, update, delete on keyring.master_holder to ${application};
grant update on keyring.session_key to ${application};
