package io.agentledger.projection.channel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of channels. Every read for a user names that user. */
public interface ChannelRowRepository extends JpaRepository<ChannelRow, String> {
  /** Channels that a viewer may see, to be continued with {@code and}. */
  String SELECT_VISIBLE =
      """
      select c from ChannelRow c where c.tenant = :#{#viewer.tenant}
        and (:#{#viewer.all} = true
          or :#{#viewer.agent} = ''
            and (c.owner = :#{#viewer.user} or locate(:#{#viewer.user}, c.members) > 0))
      """;

  /**
   * User for whom channels and chats are read.
   *
   * @param all whether they see every session of the tenant, and so every channel
   * @param agent id of the agent that reads with its token; empty for a user
   */
  record ChannelViewer(String tenant, String user, boolean all, String agent) {}

  /**
   * Filter of a list of channels; an empty text is for all.
   *
   * @param paused whether paused channels are listed
   * @param running whether channels that are not paused are listed
   * @param text part of the name, in lower case
   */
  record ChannelRowFilter(
      String platform, boolean paused, boolean running, String text, boolean archived) {}

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select c.sequence + 1 from ChannelRow c where c.id = :id")
  Optional<Long> eventCountOf(String id);

  @Query(SELECT_VISIBLE + "and c.id = :id")
  Optional<ChannelRow> find(ChannelViewer viewer, String id);

  /** Returns whether a viewer may see chats of a channel: an agent, those of its channels. */
  @Query(
      """
      select count(c) > 0 from ChannelRow c where c.id = :id and c.tenant = :#{#viewer.tenant}
        and (:#{#viewer.all} = true
          or :#{#viewer.agent} = ''
            and (c.owner = :#{#viewer.user} or locate(:#{#viewer.user}, c.members) > 0)
          or :#{#viewer.agent} <> '' and c.agentId = :#{#viewer.agent})
      """)
  boolean hasVisibleChats(ChannelViewer viewer, String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      SELECT_VISIBLE
          + """
          and (:#{#filter.archived} = true or c.archivedAt is null)
          and (:#{#filter.platform} = '' or c.platform = :#{#filter.platform})
          and (c.paused = true and :#{#filter.paused} = true
            or c.paused = false and :#{#filter.running} = true)
          and (:#{#filter.text} = '' or locate(:#{#filter.text}, lower(c.name)) > 0)
          and (c.createdAt, c.id) < (:before, :id)
          order by c.createdAt desc, c.id desc
          """)
  List<ChannelRow> page(
      ChannelViewer viewer, ChannelRowFilter filter, Instant before, String id, Limit limit);

  /** Returns the ids of all channels of a tenant, also of archived ones. */
  @Query("select c.id from ChannelRow c where c.tenant = :tenant")
  List<String> idsOf(String tenant);

  /** Returns the platform of a channel. */
  @Query("select c.platform from ChannelRow c where c.id = :id")
  Optional<String> platformOf(String id);
}
