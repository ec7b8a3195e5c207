package io.agentledger.command.support;

import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Jobs that a node had in progress when it was killed. A node's name is unique and its home is
 * locked while it lives, so jobs picked under its name before its start are orphaned, and it need
 * not wait for missed heartbeats.
 */
final class OrphanedJobs {
  private static final Logger log = LoggerFactory.getLogger(OrphanedJobs.class);

  private final JdbcClient sql;
  private final String table;

  OrphanedJobs(DataSource database, String table) {
    this.sql = JdbcClient.create(database);
    this.table = table;
  }

  /**
   * Releases the node's orphaned jobs, which are due as before. Must be called before the node's
   * scheduler starts.
   */
  void releaseOf(String node) {
    int released =
        sql.sql(
                """
                update %s set picked = false, picked_by = null, last_heartbeat = null,
                  version = version + 1
                where picked and picked_by = ?"""
                    .formatted(table))
            .param(node)
            .update();
    if (released > 0)
      log.atInfo()
          .addKeyValue("table", table)
          .addKeyValue("count", released)
          .log("released jobs of the previous instance of this node");
  }
}
