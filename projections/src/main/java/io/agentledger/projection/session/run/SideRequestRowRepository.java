package io.agentledger.projection.session.run;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of side requests. */
public interface SideRequestRowRepository extends JpaRepository<SideRequestRow, String> {
  /** Returns side requests newest first, before the given event. */
  @Query(
      """
      select a from SideRequestRow a
      where a.tenant = :tenant and a.sessionId = :session and a.sequence < :before
      order by a.sequence desc
      """)
  List<SideRequestRow> page(String tenant, String session, long before, Limit limit);

  Optional<SideRequestRow> findByIdAndSessionIdAndTenant(
      String id, String sessionId, String tenant);
}
