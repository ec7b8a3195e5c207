package io.agentledger.projection.subscription;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of subscriptions. Every read names the user who reads. */
public interface SubscriptionRowRepository extends JpaRepository<SubscriptionRow, String> {
  /** Subscriptions that a user may see and that are not deleted, to be continued with "and". */
  String SELECT_VISIBLE =
      """
      select s from SubscriptionRow s
      where s.tenant = :#{#viewer.tenant} and s.archivedAt is null
        and (:#{#viewer.seesAll} = true or s.owner = :#{#viewer.user})
      """;

  /** User who reads. */
  record SubscriptionViewer(String tenant, String user, boolean seesAll) {}

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select s.sequence + 1 from SubscriptionRow s where s.id = :id")
  Optional<Long> eventCountOf(String id);

  @Query(SELECT_VISIBLE + "and s.id = :id")
  Optional<SubscriptionRow> find(SubscriptionViewer viewer, String id);

  /**
   * Returns rows newest first, after the given position.
   *
   * @param status name of a status; empty for all
   */
  @Query(
      SELECT_VISIBLE
          + """
          and (:status = '' or cast(s.status as string) = :status)
          and (s.createdAt, s.id) < (:before, :id)
          order by s.createdAt desc, s.id desc
          """)
  List<SubscriptionRow> page(
      SubscriptionViewer viewer, String status, Instant before, String id, Limit limit);
}
