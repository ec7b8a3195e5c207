package io.agentledger.projection.channel;

import io.agentledger.projection.support.SealedContent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of messages. The access to their chat must be checked before. */
public interface ChatMessageRowRepository extends JpaRepository<ChatMessageRow, String> {
  @Query("select m from ChatMessageRow m where m.id = :id and m.chatId = :chat")
  Optional<ChatMessageRow> find(String chat, String id);

  @Query(
      """
      select m from ChatMessageRow m where m.chatId = :chat and m.number > :after
      order by m.number
      """)
  List<ChatMessageRow> oldestFirst(String chat, long after, Limit limit);

  @Query(
      """
      select m from ChatMessageRow m where m.chatId = :chat and m.number < :before
      order by m.number desc
      """)
  List<ChatMessageRow> newestFirst(String chat, long before, Limit limit);

  /** Content of a message of a chat. */
  interface ChatContent {
    String getChat();

    @Nullable SealedContent getContent();
  }

  /** Returns the contents of the last messages of each chat, newest first. */
  @Query(
      """
      select m.chatId as chat, m.content as content from ChatRow c, ChatMessageRow m
      where c.id in :chats and m.chatId = c.id and m.number > c.messages - :perChat
      order by m.number desc
      """)
  List<ChatContent> lastContents(List<String> chats, long perChat);

  /** Returns messages that the contact sees, in the order in which they became visible. */
  @Query(
      """
      select m from ChatMessageRow m where m.chatId = :chat and m.visibleSequence > :after
      order by m.visibleSequence
      """)
  List<ChatMessageRow> visibleOldestFirst(String chat, long after, Limit limit);

  @Query(
      """
      select m from ChatMessageRow m
      where m.chatId = :chat and m.visibleSequence > 0 and m.visibleSequence < :before
      order by m.visibleSequence desc
      """)
  List<ChatMessageRow> visibleNewestFirst(String chat, long before, Limit limit);
}
