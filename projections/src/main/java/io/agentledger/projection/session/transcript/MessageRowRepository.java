package io.agentledger.projection.session.transcript;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of the transcripts of all sessions. */
public interface MessageRowRepository extends JpaRepository<MessageRow, SessionEventKey> {
  /** Returns messages in order of the events, after {@code after} and up to {@code last}. */
  @Query(
      """
      select m from MessageRow m
      where m.tenant = :tenant and m.key.sessionId = :session
        and m.key.sequence > :after and m.key.sequence <= :last
      order by m.key.sequence
      """)
  List<MessageRow> pageUntil(String tenant, String session, long after, long last, Limit limit);

  /**
   * Returns the messages that a branch inherits: those up to {@code last}, without prompts to which
   * the agent had not responded by then, because their runs had not begun.
   */
  @Query(
      """
      select m from MessageRow m
      where m.tenant = :tenant and m.key.sessionId = :session
        and m.key.sequence > :after and m.key.sequence <= :last
        and (m.queryId is null or exists (
          select 1 from MessageRow response
          where response.key.sessionId = :session and response.runId = m.runId
            and response.queryId is null and response.key.sequence > m.key.sequence
            and response.key.sequence <= :last))
      order by m.key.sequence
      """)
  List<MessageRow> pageOfInherited(
      String tenant, String session, long after, long last, Limit limit);

  /** Returns rows in order of the events, after {@code after}. */
  @Query(
      """
      select m from MessageRow m
      where m.tenant = :tenant and m.key.sessionId = :session and m.key.sequence > :after
      order by m.key.sequence
      """)
  List<MessageRow> page(String tenant, String session, long after, Limit limit);

  /** Returns messages of the agent's own thread, including prompts. */
  @Query(
      """
      select m from MessageRow m
      where m.tenant = :tenant and m.key.sessionId = :session and m.key.sequence > :after
        and m.key.sequence <= :last and (m.threadId = :thread or m.threadId is null)
      order by m.key.sequence
      """)
  List<MessageRow> pageOfMainThread(
      String tenant, String session, String thread, long after, long last, Limit limit);

  /** Returns messages of a subagent's thread. */
  @Query(
      """
      select m from MessageRow m
      where m.tenant = :tenant and m.key.sessionId = :session and m.key.sequence > :after
        and m.key.sequence <= :last and m.threadId = :thread
      order by m.key.sequence
      """)
  List<MessageRow> pageByThread(
      String tenant, String session, String thread, long after, long last, Limit limit);

  @Query("select m from MessageRow m where m.key.sessionId = :session and m.messageId in :messages")
  List<MessageRow> findBlocks(String session, Collection<String> messages);

  @Query("select m from MessageRow m where m.key.sessionId = :session and m.queryId = :query")
  Optional<MessageRow> findPrompt(String session, String query);

  /** Returns the number of messages of a session; a message may have several blocks. */
  @Query(
      """
      select count(distinct m.messageId) from MessageRow m
      where m.tenant = :tenant and m.key.sessionId = :session
      """)
  long countMessages(String tenant, String session);
}
