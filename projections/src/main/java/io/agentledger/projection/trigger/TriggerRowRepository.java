package io.agentledger.projection.trigger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of triggers. Every read for a user names that user. */
public interface TriggerRowRepository extends JpaRepository<TriggerRow, String> {
  /** Triggers that a viewer may see, to be continued with {@code and}. */
  String SELECT_VISIBLE =
      """
      select t from TriggerRow t where t.tenant = :#{#viewer.tenant}
        and (:#{#viewer.all} = true or t.owner = :#{#viewer.user})
      """;

  /**
   * User for whom triggers are read.
   *
   * @param all whether they see every session of the tenant, and so every trigger
   */
  record TriggerViewer(String tenant, String user, boolean all) {}

  /**
   * Filter of a list of triggers; an empty text is for all.
   *
   * @param paused whether paused triggers are listed
   * @param running whether triggers that are not paused are listed
   * @param text part of the name, in lower case
   */
  record TriggerRowFilter(
      String provider,
      String task,
      boolean paused,
      boolean running,
      String text,
      boolean archived) {}

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select t.sequence + 1 from TriggerRow t where t.id = :id")
  Optional<Long> eventCountOf(String id);

  @Query(SELECT_VISIBLE + "and t.id = :id")
  Optional<TriggerRow> find(TriggerViewer viewer, String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      SELECT_VISIBLE
          + """
          and (:#{#filter.archived} = true or t.archivedAt is null)
          and (:#{#filter.provider} = '' or t.provider = :#{#filter.provider})
          and (:#{#filter.task} = '' or t.taskId = :#{#filter.task})
          and (t.paused = true and :#{#filter.paused} = true
            or t.paused = false and :#{#filter.running} = true)
          and (:#{#filter.text} = '' or locate(:#{#filter.text}, lower(t.name)) > 0)
          and (t.createdAt, t.id) < (:before, :id)
          order by t.createdAt desc, t.id desc
          """)
  List<TriggerRow> page(
      TriggerViewer viewer, TriggerRowFilter filter, Instant before, String id, Limit limit);
}
