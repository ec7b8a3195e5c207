package io.agentledger.projection.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The rows of all invitations, of every tenant: whoever reads them names one. */
public interface InvitationRowRepository extends JpaRepository<InvitationRow, String> {
  Optional<InvitationRow> findByIdAndTenant(String id, String tenant);

  /** How many facts of it have been seen; empty before the first. */
  @Query("select i.sequence from InvitationRow i where i.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Newest first, those behind the given place. */
  @Query(
      """
      select i from InvitationRow i where i.tenant = :tenant and (i.createdAt, i.id) < (:before, :id)
      order by i.createdAt desc, i.id desc
      """)
  List<InvitationRow> page(String tenant, Instant before, String id, Limit limit);
}
