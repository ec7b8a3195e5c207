package io.agentledger.command.support;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.command.CommandTestSupport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class JobPollerIT extends CommandTestSupport {
  private static final String OF_PURGE =
      " from scheduled_tasks where task_name = 'purge-idempotency'";

  @Autowired private JobConnections connections;

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

  @Test
  void looksAgainWhenTheNextWorkIsDue() {
    var woken = new ArrayList<String>();
    var poller =
        new JobPoller(
            connections,
            List.of(
                work("later", "now() + interval '3 seconds'", woken),
                work("none", "null::timestamptz", woken)));
    assertThat(poller.poll()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(3_100));
    assertThat(woken).isEmpty();
  }

  @Test
  void looksMoreOftenWhileDueWorkMayHideOther() {
    var woken = new ArrayList<String>();
    var due = work("due", "now() - interval '1 minute'", woken);
    assertThat(new JobPoller(connections, List.of(due)).poll()).isEqualTo(Duration.ofSeconds(2));
    assertThat(woken).containsExactly("due");
  }

  @Test
  void looksMoreOftenWhileOtherNodesCommit() {
    var nothing = work("none", "null::timestamptz", new ArrayList<>());
    var poller = new JobPoller(connections, List.of(nothing));
    assertThat(poller.poll()).isEqualTo(Duration.ofSeconds(5));
    poller.onOtherCommit();
    assertThat(poller.poll()).isEqualTo(Duration.ofSeconds(2));
  }

  private static DueWork work(String table, String nextDue, List<String> woken) {
    return new DueWork() {
      @Override
      public String table() {
        return table;
      }

      @Override
      public String nextDue() {
        return nextDue;
      }

      @Override
      public void wake() {
        woken.add(table);
      }
    };
  }
}
