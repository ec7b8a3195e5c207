-- The columns keep their values, which the projection writes from now on. PostgreSQL parsed the
-- expressions again for each update of a session.
alter table session_row
  alter column permission_mode drop expression,
  alter column executor drop expression,
  alter column origin_type drop expression;
