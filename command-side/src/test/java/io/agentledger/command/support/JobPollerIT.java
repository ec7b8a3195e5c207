package io.agentledger.command.support;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.command.CommandTestSupport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
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

  /** The scheduler itself has looked for dead nodes at its start only. */
  @Test
  void findsJobsOfDeadNodes() {
    var executed = new ConcurrentLinkedQueue<String>();
    var task = Tasks.oneTime("dead-node-test").execute((job, context) -> executed.add(job.getId()));
    var jobs =
        JobTable.create(
            new JobTable.Queue(
                "test",
                "report_job",
                "nod_test",
                Duration.ZERO,
                new JobTable.Heartbeats(Duration.ofSeconds(1), 60)),
            connections,
            task,
            1,
            scheduler -> {});
    var deadNodes = jobs.deadNodes().orElseThrow();
    var poller = new JobPoller(connections, List.of(jobs, deadNodes));
    jobs.start();
    try {
      insert("first", "false, null, null");
      jobs.wake();
      await().until(() -> executed.contains("first"));
      insert("alive", "true, 'nod_other', now()");
      insert("dead", "true, 'nod_other', now() - interval '61 seconds'");
      await()
          .until(
              () -> {
                poller.poll();
                return executed.contains("dead");
              });
      assertThat(executed).containsExactly("first", "dead");
    } finally {
      jobs.stop();
      sql.sql("delete from report_job where task_name = 'dead-node-test'").update();
    }
  }

  private void insert(String job, String picked) {
    sql.sql(
            """
            insert into report_job (task_name, task_instance, execution_time, version, picked,
              picked_by, last_heartbeat)
            values ('dead-node-test', ?, now(), 1, %s)"""
                .formatted(picked))
        .param(job)
        .update();
  }

  private static DueWork work(String table, String nextDue, List<String> woken) {
    return new DueWork() {
      @Override
      public String name() {
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
