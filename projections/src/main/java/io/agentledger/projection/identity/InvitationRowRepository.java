package io.agentledger.projection.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of all invitations; each query must restrict the tenant. */
public interface InvitationRowRepository extends JpaRepository<InvitationRow, String> {
  Optional<InvitationRow> findByIdAndTenant(String id, String tenant);

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select i.sequence from InvitationRow i where i.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      """
      select i from InvitationRow i where i.tenant = :tenant and (i.createdAt, i.id) < (:before, :id)
      order by i.createdAt desc, i.id desc
      """)
  List<InvitationRow> page(String tenant, Instant before, String id, Limit limit);
}
