package io.agentledger.gateway.support.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UnavailabilityMapperTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(new SQLTransientConnectionException("pool: timed out"), "database_unavailable"),
        arguments(new SQLException("the server was shut down", "57P01"), "database_unavailable"),
        arguments(new SQLException("connection failure", "08006"), "database_unavailable"),
        arguments(new SQLException("could not extend file", "53100"), "disk_full"),
        arguments(new SQLException("Connection is closed"), "database_unavailable"),
        arguments(new SQLException("transaction timeout", "25P04"), "database_unavailable"),
        arguments(
            new FileSystemException("/home/run/uids/7", null, "No space left on device"),
            "disk_full"),
        arguments(new UncheckedIOException(new IOException("Disk quota exceeded")), "disk_full"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void absenceOfDatabaseAndDiskIsAnsweredWith503AndWhenToComeBack(Exception failure, String code) {
    Problem problem = ProblemMapper.toProblem(new CompletionException(failure), "req_1");

    assertThat(problem.status()).isEqualTo(503);
    assertThat(problem.code()).isEqualTo(code);
    assertThat(problem.retryAfterSeconds()).isEqualTo(5);
  }

  static Stream<Exception> faults() {
    return Stream.of(
        new SQLException("syntax error", "42601"),
        new SQLException("duplicate key", "23505"),
        new NoSuchFileException("/home/run/x"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void otherFaultsStay500(Exception fault) {
    assertThat(ProblemMapper.toProblem(new CompletionException(fault), "req_1").status())
        .isEqualTo(500);
  }
}
