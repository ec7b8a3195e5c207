package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class ReportDuringReplayIT extends ReportServiceSupport {
  /** The version of a job is 1 at first, and counts each pick and each delay. */
  private static final int AFTER_TWO_TRIES = 5;

  @Test
  void reportOfAReadModelThatIsReplayedWaitsInOneAttempt() {
    var costs =
        server
            .bean(EventProcessingConfiguration.class)
            .eventProcessor("cost", StreamingEventProcessor.class)
            .orElseThrow();
    var today = LocalDate.now(ZoneOffset.UTC).toString();
    costs.shutDown();
    String report;
    try {
      server.bean(TransactionManager.class).executeInTransaction(costs::resetTokens);
      report = request(of("usage", "json", "from", today, "to", today));
      await().atMost(Duration.ofSeconds(60)).until(() -> versionOf(report) >= AFTER_TWO_TRIES);
      var waiting = assertStatus(get(REPORTS + "/" + report), 200);
      assertThat(waiting.path("stage").asString()).isEqualTo("waiting for a read model");
      assertThat(failuresOf(report)).isZero();
    } finally {
      costs.start();
    }
    assertThat(awaitEnd(report).path("status").asString()).isEqualTo("completed");
    assertThat(
            sql()
                .sql(
                    "select count(*) from event where aggregateidentifier = ?"
                        + " and payloadtype = 'ReportStarted'")
                .param(report)
                .query(Integer.class)
                .single())
        .isOne();
  }

  private static int failuresOf(String report) {
    return find("consecutive_failures", report);
  }

  private static int versionOf(String report) {
    return find("version", report);
  }

  private static int find(String column, String report) {
    return sql()
        .sql("select coalesce(max(" + column + "), 0) from report_job where task_instance = ?")
        .param(report)
        .query(Integer.class)
        .single();
  }

  private static JdbcClient sql() {
    return server.bean(JdbcClient.class);
  }
}
