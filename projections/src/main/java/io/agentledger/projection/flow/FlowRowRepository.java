package io.agentledger.projection.flow;

import io.agentledger.api.flow.FlowStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of flows. Every read for a user names that user. */
public interface FlowRowRepository extends JpaRepository<FlowRow, String> {
  /** Flows that a viewer may see, to be continued with {@code and}. */
  String SELECT_VISIBLE =
      """
      select f from FlowRow f where f.tenant = :#{#viewer.tenant}
        and (:#{#viewer.all} = true or f.owner = :#{#viewer.user})
      """;

  /**
   * User for whom flows are read.
   *
   * @param all whether they see every session of the tenant, and so every flow
   */
  record FlowViewer(String tenant, String user, boolean all) {}

  /**
   * Filter of a list of flows; empty for all.
   *
   * @param task of any step
   */
  record FlowFilter(String task, String trigger, String owner) {}

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select f.sequence + 1 from FlowRow f where f.id = :id")
  Optional<Long> eventCountOf(String id);

  @Query(SELECT_VISIBLE + "and f.id = :id")
  Optional<FlowRow> find(FlowViewer viewer, String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      SELECT_VISIBLE
          + """
          and (:#{#filter.task} = '' or f.planTaskId = :#{#filter.task}
            or f.workTaskId = :#{#filter.task})
          and (:#{#filter.trigger} = '' or f.triggerId = :#{#filter.trigger})
          and (:#{#filter.owner} = '' or f.owner = :#{#filter.owner})
          and f.status in :statuses
          and (f.createdAt, f.id) < (:before, :id)
          order by f.createdAt desc, f.id desc
          """)
  List<FlowRow> page(
      FlowViewer viewer,
      FlowFilter filter,
      Collection<FlowStatus> statuses,
      Instant before,
      String id,
      Limit limit);

  /** Returns the ids of flows of an item that wait for a decision, oldest first. */
  @Query(
      """
      select f.id from FlowRow f
      where f.tenant = :tenant and f.sourceKey = :sourceKey
        and f.status = io.agentledger.api.flow.FlowStatus.AWAITING_APPROVAL
      order by f.createdAt, f.id
      """)
  List<String> listToDecide(String tenant, String sourceKey, Limit limit);

  /** Returns flows of an item, newest first. */
  @Query(
      """
      select f from FlowRow f where f.tenant = :tenant and f.sourceKey = :sourceKey
      order by f.createdAt desc, f.id desc
      """)
  List<FlowRow> listOfItem(String tenant, String sourceKey, Limit limit);
}
