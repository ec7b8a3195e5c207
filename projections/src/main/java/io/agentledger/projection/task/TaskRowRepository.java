package io.agentledger.projection.task;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of tasks. Every read for a user names that user. */
public interface TaskRowRepository extends JpaRepository<TaskRow, String> {
  /** Tasks that a viewer may see, to be continued with {@code and}. */
  String SELECT_VISIBLE =
      """
      select t from TaskRow t where t.tenant = :#{#viewer.tenant}
        and (:#{#viewer.all} = true or t.owner = :#{#viewer.user} or t.sharing = 'TENANT'
          or locate(:#{#viewer.user}, t.sharedWith) > 0)
      """;

  /**
   * User for whom tasks and executions are read.
   *
   * @param all whether they see every session of the tenant, and so every task
   */
  record TaskViewer(String tenant, String user, boolean all) {}

  /**
   * Filter of a list of tasks.
   *
   * @param category empty for all
   * @param tag between line feeds; empty for all
   */
  record TaskFilter(String category, String tag, boolean archived) {}

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select t.sequence + 1 from TaskRow t where t.id = :id")
  Optional<Long> eventCountOf(String id);

  @Query(SELECT_VISIBLE + "and t.id = :id")
  Optional<TaskRow> find(TaskViewer viewer, String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      SELECT_VISIBLE
          + """
          and (:#{#filter.archived} = true or t.archivedAt is null)
          and (:#{#filter.category} = '' or t.category = :#{#filter.category})
          and (:#{#filter.tag} = '' or locate(:#{#filter.tag}, t.tags) > 0)
          and (t.createdAt, t.id) < (:before, :id)
          order by t.createdAt desc, t.id desc
          """)
  List<TaskRow> page(TaskViewer viewer, TaskFilter filter, Instant before, String id, Limit limit);
}
