-- Items that were postponed hold no new one back.
drop index inbound_chat_item_queue_number_idx;
create index on inbound_chat_item (queue, status, tries, number) where status <> 'DONE';
