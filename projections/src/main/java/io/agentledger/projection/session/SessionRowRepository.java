package io.agentledger.projection.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The rows of all sessions, of every tenant: whoever reads them names one. */
public interface SessionRowRepository extends JpaRepository<SessionRow, String> {
  Optional<SessionRow> findByIdAndTenant(String id, String tenant);

  /** How many facts of it have been seen; empty before the first. */
  @Query("select s.sequence from SessionRow s where s.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Whose it is and where it stands: the tenant, the owner, and the stage's name. */
  @Query(
      "select s.tenant, s.owner, cast(s.life.stage as string) from SessionRow s where s.id = :id")
  List<String[]> ownerOf(String id);

  /** Newest first, those behind the given place that the reader may see and wants. */
  @Query(
      """
      select s from SessionRow s
      where s.tenant = :#{#by.tenant}
        and (:#{#by.all} = true or s.owner = :#{#by.user} or exists (
          select 1 from ShareRow h
          where h.tenant = s.tenant and h.key.sessionId = s.id
            and h.key.audience in (:#{#by.user}, '*')))
        and s.activity in (:#{#wanted.activities}) and s.life.stage in (:#{#wanted.stages})
        and (:#{#wanted.tag} = '' or array_contains(s.life.tags, :#{#wanted.tag}))
        and (:#{#wanted.mode} = '' or s.kind.permissionMode = :#{#wanted.mode})
        and (:#{#wanted.executor} = '' or s.kind.executor = :#{#wanted.executor})
        and (:#{#wanted.owner} = '' or s.owner = :#{#wanted.owner})
        and (:#{#wanted.agent} = '' or :#{#wanted.agent} in (s.agentName, s.agentId))
        and s.createdAt >= :#{#wanted.from} and s.createdAt < :#{#wanted.to}
        and (s.createdAt, s.id) < (:before, :id)
      order by s.createdAt desc, s.id desc
      """)
  List<SessionRow> page(Reader by, Wanted wanted, Instant before, String id, Limit limit);

  /** Of every tenant, those that have done nothing since; longest first. */
  @Query(
      """
      select s from SessionRow s
      where s.life.stage in (:stages) and s.activity = :activity and s.updatedAt < :before
      order by s.updatedAt
      """)
  List<SessionRow> resting(Set<Stage> stages, Activity activity, Instant before, Limit limit);

  /** Whether the reader may see it. */
  @Query(
      """
      select count(s) > 0 from SessionRow s
      where s.id = :id and s.tenant = :#{#by.tenant}
        and (:#{#by.all} = true or s.owner = :#{#by.user} or exists (
          select 1 from ShareRow h
          where h.tenant = s.tenant and h.key.sessionId = s.id
            and h.key.audience in (:#{#by.user}, '*')))
      """)
  boolean isSeen(Reader by, String id);

  /**
   * Who reads.
   *
   * @param all whether every session of the tenant may be seen
   */
  record Reader(String tenant, String user, boolean all) {}

  /**
   * What is looked for.
   *
   * @param tag empty for any and none
   * @param mode of permissions, as JSON has it; empty for any, as are executor, owner and agent
   */
  record Wanted(
      Set<Activity> activities,
      Set<Stage> stages,
      String tag,
      String mode,
      String executor,
      String owner,
      String agent,
      Instant from,
      Instant to) {}
}
