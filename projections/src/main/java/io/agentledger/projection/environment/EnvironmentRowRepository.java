package io.agentledger.projection.environment;

import io.agentledger.projection.support.ConfigurationRepository;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Repository of environments. A deleted environment is not found. */
public interface EnvironmentRowRepository extends ConfigurationRepository<EnvironmentRow> {
  @Override
  @Query("select e from EnvironmentRow e where e.id = :id and e.tenant = :tenant and not e.deleted")
  Optional<EnvironmentRow> findByIdAndTenant(String id, String tenant);

  @Override
  @Query(
      """
      select e from EnvironmentRow e
      where e.tenant = :tenant and not e.deleted
        and (:archived = true or e.archivedAt is null)
        and (e.createdAt, e.id) < (:before, :id)
      order by e.createdAt desc, e.id desc
      """)
  List<EnvironmentRow> page(
      String tenant, boolean archived, Instant before, String id, Limit limit);

  /** Returns the default environment of a tenant; empty before it has any. */
  @Query(
      nativeQuery = true,
      value = "select environment_id from environment_default_row where tenant = :tenant")
  Optional<String> findDefault(String tenant);

  /** Sets the default environment. Events may arrive in any order; the highest number applies. */
  @Modifying
  @Query(
      nativeQuery = true,
      value =
          """
          insert into environment_default_row as had (tenant, environment_id, change_number)
          values (:tenant, :environment, :changeNumber)
          on conflict (tenant) do update
          set environment_id = excluded.environment_id, change_number = excluded.change_number
          where had.change_number < excluded.change_number
          """)
  void setDefault(String tenant, String environment, long changeNumber);

  @Modifying
  @Query(nativeQuery = true, value = "delete from environment_default_row")
  void deleteDefaults();
}
