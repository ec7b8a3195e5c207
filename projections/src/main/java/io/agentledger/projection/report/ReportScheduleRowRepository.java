package io.agentledger.projection.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of report schedules. Every read for a user names that user. */
public interface ReportScheduleRowRepository extends JpaRepository<ReportScheduleRow, String> {
  /** Schedules of an owner that are not deleted, to be continued with {@code and}. */
  String SELECT_OWN =
      """
      select s from ReportScheduleRow s
      where s.tenant = :tenant and s.owner = :owner and s.archivedAt is null
      """;

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select s.sequence + 1 from ReportScheduleRow s where s.id = :id")
  Optional<Long> eventCountOf(String id);

  @Query(SELECT_OWN + "and s.id = :id")
  Optional<ReportScheduleRow> find(String tenant, String owner, String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      SELECT_OWN
          + """
          and (s.createdAt, s.id) < (:before, :id)
          order by s.createdAt desc, s.id desc
          """)
  List<ReportScheduleRow> page(String tenant, String owner, Instant before, String id, Limit limit);
}
