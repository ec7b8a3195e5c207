package io.agentledger.projection.identity;

import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.query.UserView.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The rows of all people, of every tenant: whoever reads them names one. */
public interface UserRowRepository extends JpaRepository<UserRow, String> {
  Optional<UserRow> findByIdAndTenant(String id, String tenant);

  /** How many facts of it have been seen; empty before the first. */
  @Query("select u.sequence from UserRow u where u.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Filter for the users of a tenant; null does not restrict. */
  record Filter(String tenant, @Nullable Role role, @Nullable Status status) {}

  /** Newest first, those behind the given place. */
  @Query(
      """
      select u from UserRow u
      where u.tenant = :#{#filter.tenant()}
        and (:#{#filter.role()} is null or u.role = :#{#filter.role()})
        and (:#{#filter.status()} is null or u.status = :#{#filter.status()})
        and (u.createdAt, u.id) < (:before, :id)
      order by u.createdAt desc, u.id desc
      """)
  List<UserRow> page(Filter filter, Instant before, String id, Limit limit);
}
