package io.agentledger.projection.template;

import io.agentledger.projection.template.TemplateRowRepository.TemplateViewer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
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

  /** Statistics of sessions and their runs. */
  interface Statistics {
    long getSessions();

    long getRuns();

    long getCompleted();

    long getFailed();

    long getInterrupted();

    @Nullable Instant getLastAt();

    long getCostNanos();
  }

  /** Returns the statistics of the newest sessions of a template that the viewer may see. */
  @Query(
      nativeQuery = true,
      value =
          """
          with newest as materialized (
            select u.session_id, u.at, s.cost_nanos
            from template_use_row u join session_row s on s.id = u.session_id
            where u.template_id = :template and u.at >= :since
              and s.tenant = :#{#viewer.tenant}
              and (:#{#viewer.all} or s.owner = :#{#viewer.user})
            order by u.at desc limit :max),
          runs as (
            select count(*) as runs,
              count(*) filter (where r.status = 'COMPLETED') as completed,
              count(*) filter (where r.status = 'FAILED') as failed,
              count(*) filter (where r.status = 'INTERRUPTED') as interrupted
            from newest n join run_row r on r.session_id = n.session_id)
          select
            (select count(*) from newest) as sessions,
            (select max(at) from newest) as "lastAt",
            (select cast(coalesce(sum(cost_nanos), 0) as bigint) from newest) as "costNanos",
            runs, completed, failed, interrupted
          from runs""")
  Statistics statisticsOf(TemplateViewer viewer, String template, Instant since, int max);

  @Modifying
  @Query(nativeQuery = true, value = "delete from template_use_row")
  void deleteUses();
}
