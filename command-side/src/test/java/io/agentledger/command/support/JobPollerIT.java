package io.agentledger.command.support;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.command.CommandTestSupport;
import org.junit.jupiter.api.Test;

class JobPollerIT extends CommandTestSupport {
  private static final String OF_PURGE =
      " from scheduled_tasks where task_name = 'purge-idempotency'";

  private String lastSuccess() {
    return sql.sql("select coalesce(last_success::text, '')" + OF_PURGE)
        .query(String.class)
        .single();
  }

  /** As a job that another node has enqueued: this one is not woken. */
  @Test
  void executesAJobThatBecameDueByAChangeInTheDatabase() {
    await().until(() -> !lastSuccess().isEmpty()); // At the start of the node.
    var before = lastSuccess();
    int brought =
        sql.sql(
                """
                update scheduled_tasks set execution_time = now(), version = version + 1
                where task_name = 'purge-idempotency' and not picked""")
            .update();
    assertThat(brought).isOne();
    await().atMost(60, SECONDS).until(() -> !lastSuccess().equals(before));
  }
}
