package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.trigger.InboundDeliveryId;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Many webhooks at once: each is acknowledged and kept once. {@code -Dtest.webhooks=10000} sends as
 * many as the service must acknowledge in a minute, as fast as it accepts them, or evenly with
 * {@code -Dtest.webhooks-per-minute=10000}.
 */
@Tag("exhaustive")
class WebhookFloodIT {
  private static final int COUNT = Integer.getInteger("test.webhooks", 1_000);
  private static final int PER_MINUTE = Integer.getInteger("test.webhooks-per-minute", 0);
  private static final int CONCURRENT = 50;
  private static final int REPEATED = COUNT / 10;

  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final WebhookFixture webhooks = new WebhookFixture(server);

  @Test
  void everyWebhookIsAcknowledgedAndKeptOnce() throws Exception {
    var task = webhooks.task("\"prompt\": \"hello\"");
    var trigger = webhooks.gitHubTrigger(task, ", \"condition\": \"event.number == '0'\"");
    var slots = new Semaphore(CONCURRENT);
    var responses = Collections.synchronizedList(new ArrayList<HttpResponse<String>>());
    var durations = Collections.synchronizedList(new ArrayList<Long>());
    var start = System.nanoTime();
    getHeapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    for (int i = 0; i < COUNT + REPEATED; i++) {
      awaitTurn(start, i);
      slots.acquire();
      int number = i % COUNT;
      var body = WebhookFixture.comment(number + 1, "text").replaceAll("\"id\": \\d+", "\"id\": 1");
      var sentAt = System.nanoTime();
      server
          .client()
          .sendAsync(
              webhooks.gitHubWebhook(trigger, body, "flood-" + number).build(),
              BodyHandlers.ofString())
          .whenComplete(
              (response, failure) -> {
                durations.add(System.nanoTime() - sentAt);
                if (response != null) responses.add(response);
                slots.release();
              });
    }
    slots.acquire(CONCURRENT);
    var elapsed = Duration.ofNanos(System.nanoTime() - start);
    Collections.sort(durations);
    System.out.printf(
        "webhooks: %d in %d ms, median %d ms, 99th percentile %d ms, longest %d ms, heap %d MiB"
            + " at most with garbage; load %.1f%n",
        COUNT + REPEATED,
        elapsed.toMillis(),
        durations.get(durations.size() / 2) / 1_000_000,
        durations.get(durations.size() * 99 / 100) / 1_000_000,
        durations.getLast() / 1_000_000,
        getHeapPools().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / (1024 * 1024),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    assertThat(responses).hasSize(COUNT + REPEATED);
    assertThat(responses).allSatisfy(response -> assertThat(response.statusCode()).isIn(200, 202));
    assertThat(responses.stream().filter(response -> response.statusCode() == 200).count())
        .isEqualTo(REPEATED);
    var json = new JsonMapper();
    var ids =
        responses.stream()
            .map(response -> json.readTree(response.body()).path("delivery_id").asString())
            .map(InboundDeliveryId::new)
            .distinct()
            .count();
    assertThat(ids).isEqualTo(COUNT);
    var sql = server.bean(JdbcClient.class);
    await()
        .atMost(Duration.ofMinutes(10))
        .untilAsserted(
            () ->
                assertThat(
                        sql.sql(
                                """
                                select count(*) from inbound_delivery
                                where trigger_id = ? and status = 'IGNORED'""")
                            .param(trigger.path("id").asString())
                            .query(Integer.class)
                            .single())
                    .isEqualTo(COUNT));
  }

  /** Pools of the heap of this JVM, which contains the service, the clients and the responses. */
  private static Stream<MemoryPoolMXBean> getHeapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP);
  }

  private static void awaitTurn(long start, int number) {
    if (PER_MINUTE == 0) return;
    long turn = start + Duration.ofMinutes(1).toNanos() * number / PER_MINUTE;
    for (long left = turn - System.nanoTime(); left > 0; left = turn - System.nanoTime())
      LockSupport.parkNanos(left);
  }
}
