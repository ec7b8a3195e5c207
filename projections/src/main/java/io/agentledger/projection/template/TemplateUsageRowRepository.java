package io.agentledger.projection.template;

import java.time.Instant;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Repository of the numbers of uses of templates. Concurrent updates count each session once. */
public interface TemplateUsageRowRepository extends JpaRepository<TemplateUsageRow, String> {
  @Modifying
  @Query(
      nativeQuery = true,
      value =
          """
          with fresh as (
            insert into template_use_row (session_id, template_id, at)
            values (:session, :template, :at)
            on conflict do nothing
            returning template_id)
          insert into template_count_row as had (template_id, uses, last_used_at)
          select template_id, 1, cast(:at as timestamptz) from fresh
          on conflict (template_id) do update
          set uses = had.uses + 1, last_used_at = greatest(had.last_used_at, excluded.last_used_at)
          """)
  void countUse(String session, String template, Instant at);

  @Modifying
  @Query(nativeQuery = true, value = "delete from template_use_row")
  void deleteUses();
}
