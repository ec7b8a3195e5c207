package io.agentledger.projection.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of reports. Every read for a user names that user. */
public interface ReportRowRepository extends JpaRepository<ReportRow, String> {
  /** Reports of a requester that are not deleted, to be continued with {@code and}. */
  String SELECT_OWN =
      """
      select r from ReportRow r
      where r.tenant = :tenant and r.requester = :requester and r.archivedAt is null
      """;

  /**
   * Filter of a list of reports.
   *
   * @param type name of a type; empty for all
   * @param status name of a status; empty for all
   * @param session empty for all
   * @param schedule empty for all
   * @param sha256 SHA-256 of the file; empty for all
   */
  record RowFilter(String type, String status, String session, String schedule, String sha256) {}

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select r.sequence + 1 from ReportRow r where r.id = :id")
  Optional<Long> eventCountOf(String id);

  /** Returns reports of a type that have ended before a time. */
  @Query(
      """
      select r from ReportRow r
      where r.tenant = :tenant and r.name = :type and r.archivedAt is null and r.endedAt < :before
      order by r.endedAt
      """)
  List<ReportRow> listEnded(String tenant, String type, Instant before, Limit limit);

  @Query(SELECT_OWN + "and r.id = :id")
  Optional<ReportRow> find(String tenant, String requester, String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      SELECT_OWN
          + """
          and (:#{#filter.type} = '' or r.name = :#{#filter.type})
          and (:#{#filter.status} = '' or cast(r.status as string) = :#{#filter.status})
          and (:#{#filter.session} = '' or r.sessionId = :#{#filter.session})
          and (:#{#filter.schedule} = '' or r.scheduleId = :#{#filter.schedule})
          and (:#{#filter.sha256} = '' or r.sha256 = :#{#filter.sha256})
          and (r.createdAt, r.id) < (:before, :id)
          order by r.createdAt desc, r.id desc
          """)
  List<ReportRow> page(
      String tenant, String requester, RowFilter filter, Instant before, String id, Limit limit);
}
