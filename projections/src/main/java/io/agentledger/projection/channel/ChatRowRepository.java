package io.agentledger.projection.channel;

import io.agentledger.projection.channel.ChannelRowRepository.ChannelViewer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of chats. Every read for a user names that user. */
public interface ChatRowRepository extends JpaRepository<ChatRow, String> {
  /**
   * Chats that a viewer may see, with the number of messages of the contact that they have not
   * read; to be continued with {@code and}. The only place that decides who sees a chat.
   */
  String SELECT_VISIBLE =
      """
      select c as chat,
        (select count(*) from ChatMessageRow m
          where m.chatId = c.id and m.senderType = 'CONTACT'
            and m.number > coalesce(
              (select r.through from ChatReadRow r
                where r.key.chatId = c.id and r.key.userId = :#{#viewer.user}), 0)) as unread
      from ChatRow c where c.tenant = :#{#viewer.tenant}
        and (:#{#viewer.all} = true
          or :#{#viewer.agent} = '' and exists (
            select 1 from ChannelRow h where h.id = c.channelId
              and (h.owner = :#{#viewer.user} or locate(:#{#viewer.user}, h.members) > 0))
          or :#{#viewer.agent} <> '' and c.agentState = 'ACTIVE' and exists (
            select 1 from ChannelRow h
            where h.id = c.channelId and h.agentId = :#{#viewer.agent}))
      """;

  /** Chat with the number of messages of the contact that the viewer has not read. */
  interface VisibleChat {
    ChatRow getChat();

    long getUnread();
  }

  /**
   * Filter of a list of chats; an empty text is for all.
   *
   * @param contacts ids of the chats of a contact
   * @param anyContact whether the chats of all contacts are listed
   * @param assignee empty for nobody
   * @param anyAssignee whether the chats of all assignees are listed
   * @param read whether chats without unread messages are listed
   * @param unread whether chats with unread messages are listed
   * @param label in any case, with line feeds around it
   */
  record ChatRowFilter(
      String channel,
      List<String> contacts,
      boolean anyContact,
      String assignee,
      boolean anyAssignee,
      String lastSender,
      boolean read,
      boolean unread,
      String status,
      String agentState,
      String label) {}

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select c.sequence + 1 from ChatRow c where c.id = :id")
  Optional<Long> eventCountOf(String id);

  /** Returns the channel of a chat. */
  @Query("select c.channelId from ChatRow c where c.id = :id")
  Optional<String> channelOf(String id);

  @Query(SELECT_VISIBLE + "and c.id = :id")
  Optional<VisibleChat> find(ChannelViewer viewer, String id);

  /** Returns chats with the latest messages first, after the given position. */
  @Query(
      SELECT_VISIBLE
          + """
          and (:#{#filter.channel} = '' or c.channelId = :#{#filter.channel})
          and (:#{#filter.anyContact} = true or c.id in :#{#filter.contacts})
          and (:#{#filter.anyAssignee} = true or c.assignee = :#{#filter.assignee})
          and (:#{#filter.lastSender} = '' or cast(c.lastSender as string) = :#{#filter.lastSender})
          and (:#{#filter.status} = '' or cast(c.status as string) = :#{#filter.status})
          and (:#{#filter.agentState} = ''
            or cast(c.agentState as string) = :#{#filter.agentState})
          and (:#{#filter.label} = ''
            or locate(lower(:#{#filter.label}), lower(c.labels)) > 0)
          and (c.lastOfContact > coalesce(
              (select r.through from ChatReadRow r
                where r.key.chatId = c.id and r.key.userId = :#{#viewer.user}), 0)
              and :#{#filter.unread} = true
            or c.lastOfContact <= coalesce(
              (select r.through from ChatReadRow r
                where r.key.chatId = c.id and r.key.userId = :#{#viewer.user}), 0)
              and :#{#filter.read} = true)
          and (c.lastMessageAt, c.id) < (:before, :id)
          order by c.lastMessageAt desc, c.id desc
          """)
  List<VisibleChat> page(
      ChannelViewer viewer, ChatRowFilter filter, Instant before, String id, Limit limit);
}
