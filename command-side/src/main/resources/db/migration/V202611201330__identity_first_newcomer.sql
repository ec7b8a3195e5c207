-- Whoever joins first, in any way, closes the door through which one becomes an admin.
alter table local_owner rename column first_admin to first_newcomer;
