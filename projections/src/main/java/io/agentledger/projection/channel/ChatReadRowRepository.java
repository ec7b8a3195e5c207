package io.agentledger.projection.channel;

import org.springframework.data.jpa.repository.JpaRepository;

/** Repository of the last messages that users have read. */
public interface ChatReadRowRepository extends JpaRepository<ChatReadRow, ChatReadRow.Key> {}
