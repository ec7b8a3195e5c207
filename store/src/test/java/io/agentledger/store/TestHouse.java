package io.agentledger.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * A throw-away house for tests: one PostgreSQL server for the JVM, and for each caller a database
 * and a home of its own.
 */
public final class TestHouse {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private TestHouse() {}

  /** Registers a fresh database and a fresh home with a Spring test. */
  public static void moveIn(DynamicPropertyRegistry properties) {
    String name = "house_" + COUNT.incrementAndGet();
    String url = database(name);
    Path home = newHome();
    properties.add("spring.datasource.url", () -> url);
    properties.add("spring.datasource.username", () -> "agentledger");
    properties.add("spring.datasource.password", () -> "agentledger");
    properties.add("spring.flyway.user", () -> "agentledger_owner");
    properties.add("spring.flyway.password", () -> "agentledger_owner");
    properties.add("agentledger.home", home::toString);
  }

  private static String database(String name) {
    try (Connection admin = Server.POSTGRES.getPostgresDatabase().getConnection();
        Statement statement = admin.createStatement()) {
      statement.execute("create database " + name + " owner agentledger_owner");
      return "jdbc:postgresql://127.0.0.1:" + Server.POSTGRES.getPort() + "/" + name;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An empty directory under {@code target}. */
  public static Path newHome() {
    try {
      Path target = Files.createDirectories(Path.of("target", "homes"));
      return Files.createTempDirectory(target.toAbsolutePath(), "home").resolve("data");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Server {
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres started =
            EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(Path.of("target", "postgres").toFile())
                .start();
        try (Connection admin = started.getPostgresDatabase().getConnection();
            Statement statement = admin.createStatement()) {
          statement.execute("create role agentledger_owner login password 'agentledger_owner'");
          statement.execute("create role agentledger login password 'agentledger'");
        }
        return started;
      } catch (IOException | SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
