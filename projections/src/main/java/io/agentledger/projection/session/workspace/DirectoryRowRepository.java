package io.agentledger.projection.session.workspace;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of the host directories of sessions. */
public interface DirectoryRowRepository extends JpaRepository<DirectoryRow, DirectoryKey> {
  /** Returns directories by name; those of the environment come before the session's own. */
  @Query(
      "select d from DirectoryRow d where d.key.sessionId = :session"
          + " order by d.key.name, d.key.source")
  List<DirectoryRow> findBySession(String session);
}
