package io.agentledger.projection.channel;

import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of notes. The access to their chat must be checked before. */
public interface ChatNoteRowRepository extends JpaRepository<ChatNoteRow, String> {
  /** Returns rows newest first, after the given position. */
  @Query(
      """
      select n from ChatNoteRow n where n.chatId = :chat and (n.at, n.id) < (:before, :id)
      order by n.at desc, n.id desc
      """)
  List<ChatNoteRow> page(String chat, Instant before, String id, Limit limit);
}
