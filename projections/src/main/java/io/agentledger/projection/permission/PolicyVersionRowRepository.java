package io.agentledger.projection.permission;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of the versions of policies; the tenant must be checked before. */
public interface PolicyVersionRowRepository
    extends JpaRepository<PolicyVersionRow, PolicyVersionKey> {
  /** Newest first, those before the given one. */
  @Query(
      """
      select v from PolicyVersionRow v
      where v.key.policyId = :policy and v.key.sequence < :before
      order by v.key.sequence desc
      """)
  List<PolicyVersionRow> page(String policy, long before, Limit limit);
}
