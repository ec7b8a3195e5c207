package io.agentledger.client.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Events that a row needs: answers of many messages, and renames of their sessions. One of twelve
 * events is an action of a user, and so audited, as in a short run.
 */
final class BenchEvents {
  /** Messages of one answer. */
  private static final int BLOCKS = 500;

  private static final int ACTIONS_OF_AN_ANSWER = BLOCKS / 11;

  /** A conversation that is longer makes the CLI slow. */
  private static final int ANSWERS_OF_A_SESSION = 4;

  private BenchEvents() {}

  /**
   * Records events until there are 100,000 (1,000 in a quick run).
   *
   * @return how many there are
   */
  static long ensure(BenchContext context) throws Exception {
    int enough = context.choose(1_000, 100_000);
    context.model().setBlocks(BLOCKS);
    try {
      while (count(context) < enough) {
        BenchSession session = BenchSession.open(context.service());
        for (int i = 0; i < ANSWERS_OF_A_SESSION; i++) {
          session.firstTextMillis();
          for (int j = 0; j < ACTIONS_OF_AN_ANSWER; j++) session.rename("Title " + j).send();
        }
        session.archive();
      }
    } finally {
      context.model().setBlocks(1);
    }
    return count(context);
  }

  private static long count(BenchContext context) throws IOException, SQLException {
    try (Connection connection = context.service().connect();
        Statement sql = connection.createStatement();
        ResultSet count = sql.executeQuery("select count(*) from event")) {
      count.next();
      return count.getLong(1);
    }
  }
}
