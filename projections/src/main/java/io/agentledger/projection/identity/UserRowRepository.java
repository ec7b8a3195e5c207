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

/** Repository of all users; each query must restrict the tenant. */
public interface UserRowRepository extends JpaRepository<UserRow, String> {
  Optional<UserRow> findByIdAndTenant(String id, String tenant);

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select u.sequence from UserRow u where u.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Filter for the users of a tenant; null does not restrict. */
  record Filter(String tenant, @Nullable Role role, @Nullable Status status) {}

  /** Returns rows newest first, after the given position. */
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
