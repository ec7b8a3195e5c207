package io.agentledger.projection.agent;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of agents. Every read for a user names that user. */
public interface AgentRowRepository extends JpaRepository<AgentRow, String> {
  /** Agents that a viewer may see, to be continued with {@code and}. */
  String SELECT_VISIBLE =
      """
      select a from AgentRow a
      where a.tenant = :#{#viewer.tenant}
        and (:#{#viewer.all} = true or a.owner = :#{#viewer.user} or a.sharing = 'TENANT'
          or locate(:#{#viewer.user}, a.sharedWith) > 0)
      """;

  /**
   * User for whom agents are read.
   *
   * @param all whether they see every session of the tenant, and so every agent
   */
  record AgentViewer(String tenant, String user, boolean all) {}

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select a.sequence + 1 from AgentRow a where a.id = :id")
  Optional<Long> eventCountOf(String id);

  @Query(SELECT_VISIBLE + "and a.id = :id")
  Optional<AgentRow> find(AgentViewer viewer, String id);

  /**
   * Returns rows newest first, after the given position.
   *
   * @param name null for all names
   */
  @Query(
      SELECT_VISIBLE
          + """
          and (:archived = true or a.archivedAt is null)
          and (:name is null or a.name = :name)
          and (a.createdAt, a.id) < (:before, :id)
          order by a.createdAt desc, a.id desc
          """)
  List<AgentRow> page(
      AgentViewer viewer,
      boolean archived,
      @Nullable String name,
      Instant before,
      String id,
      Limit limit);
}
