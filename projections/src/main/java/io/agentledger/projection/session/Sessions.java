package io.agentledger.projection.session;

import io.agentledger.api.session.Activity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The rows of all sessions, of every tenant: whoever reads them names one. */
public interface Sessions extends JpaRepository<SessionRow, String> {
  Optional<SessionRow> findByIdAndTenant(String id, String tenant);

  /** How many facts of it have been seen; empty before the first. */
  @Query("select s.sequence from SessionRow s where s.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Whose it is: the tenant and the owner. */
  @Query("select s.tenant, s.owner from SessionRow s where s.id = :id")
  List<String[]> ownerOf(String id);

  /** Newest first, those behind the given place that the reader may see. */
  @Query(
      """
      select s from SessionRow s
      where s.tenant = :#{#by.tenant}
        and (:#{#by.all} = true or s.owner = :#{#by.user} or exists (
          select 1 from ShareRow h
          where h.tenant = s.tenant and h.key.sessionId = s.id
            and h.key.audience in (:#{#by.user}, '*')))
        and (s.createdAt, s.id) < (:before, :id)
      order by s.createdAt desc, s.id desc
      """)
  List<SessionRow> page(Reader by, Instant before, String id, Limit limit);

  /** The same, of those that do this. */
  @Query(
      """
      select s from SessionRow s
      where s.tenant = :#{#by.tenant} and s.activity = :activity
        and (:#{#by.all} = true or s.owner = :#{#by.user} or exists (
          select 1 from ShareRow h
          where h.tenant = s.tenant and h.key.sessionId = s.id
            and h.key.audience in (:#{#by.user}, '*')))
        and (s.createdAt, s.id) < (:before, :id)
      order by s.createdAt desc, s.id desc
      """)
  List<SessionRow> page(Reader by, Activity activity, Instant before, String id, Limit limit);

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
}
