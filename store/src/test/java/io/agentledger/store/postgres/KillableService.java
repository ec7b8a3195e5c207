package io.agentledger.store.postgres;

import io.agentledger.store.NodeHome;
import io.agentledger.store.TestInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Program that opens a home directory, commits a row, prints a line, and waits to be killed. */
final class KillableService {
  private KillableService() {}

  public static void main(String[] arguments) throws SQLException, IOException {
    NodeHome home = NodeHome.of(Path.of(arguments[0]));
    EmbeddedPostgres postgres = EmbeddedPostgres.start(home, TestInstallation.postgresSettings());
    try (Connection connection = postgres.owner().connect(10);
        Statement sql = connection.createStatement()) {
      sql.execute(EmbeddedPostgresIT.KEEP);
    }
    System.out.println("READY " + postgres.pid());
    while (System.in.read() >= 0) Thread.onSpinWait();
  }
}
