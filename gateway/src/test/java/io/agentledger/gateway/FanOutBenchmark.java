package io.agentledger.gateway;

import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.scripted.ScriptedBackend;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the cost of streaming one session to many clients over server-sent events, as a ratio to
 * {@link RawSocketPush} in the same run. A burst is sent after the previous one was read. Run it by
 * name, on an idle machine; see {@code docs/benchmarks.md}.
 */
class FanOutBenchmark {
  private static final int VIEWERS = Integer.getInteger("fanout.viewers", 300);
  private static final int ROUNDS = Integer.getInteger("fanout.rounds", 5);
  private static final Duration ROUND = Duration.ofSeconds(3);
  private static final Duration PACE = Duration.ofMillis(20);
  private static final int RECORD_BYTES = 500;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private ApiTestServer service;
  private int padding;

  /** Publishes texts to the viewers. */
  private interface TextPublisher {
    void push(List<String> texts);
  }

  /** Result of one round. */
  private record RoundResult(
      double perSecond, double cpuMicros, double p50Millis, double p99Millis) {}

  @Test
  void comparesFanOutWithABarePush(@TempDir Path home) throws Exception {
    try (var server = ApiTestServer.open(home)) {
      service = server;
      padding = RECORD_BYTES - record(SessionId.next(), 1, text('x').substring(0, 20)).length;
      for (int burst : new int[] {1, 10}) compare("bursts of " + burst, burst, Duration.ZERO);
      compare("one each " + PACE.toMillis() + " ms", 1, PACE);
    }
  }

  private void compare(String name, int burst, Duration pace) throws Exception {
    var bare = new ArrayList<RoundResult>();
    var ours = new ArrayList<RoundResult>();
    measureRawPush(burst, pace); // Warm-up.
    measureService(burst, pace);
    for (int i = 0; i < ROUNDS; i++) {
      bare.add(measureRawPush(burst, pace));
      ours.add(measureService(burst, pace));
    }
    System.out.printf(
        Locale.ROOT,
        "%s, %d viewers, medians of %d: deliveries/s %.0f bare, %.0f ours (%.2f);"
            + " loops' cpu us/delivery %.2f bare, %.2f ours (%.2f);"
            + " p50 %.2f / %.2f ms, p99 %.2f / %.2f ms%n",
        name,
        VIEWERS,
        ROUNDS,
        median(bare, RoundResult::perSecond),
        median(ours, RoundResult::perSecond),
        median(ours, RoundResult::perSecond) / median(bare, RoundResult::perSecond),
        median(bare, RoundResult::cpuMicros),
        median(ours, RoundResult::cpuMicros),
        median(bare, RoundResult::cpuMicros) / median(ours, RoundResult::cpuMicros),
        median(bare, RoundResult::p50Millis),
        median(ours, RoundResult::p50Millis),
        median(bare, RoundResult::p99Millis),
        median(ours, RoundResult::p99Millis));
  }

  private static double median(List<RoundResult> rounds, ToDoubleFunction<RoundResult> of) {
    return rounds.stream().mapToDouble(of).sorted().toArray()[rounds.size() / 2];
  }

  private RoundResult measureService(int burst, Duration pace) throws Exception {
    var session = service.openSession();
    var request =
        "GET /api/v1/sessions/%s/events HTTP/1.1\r\nHost: localhost\r\nX-API-Key: %s\r\n\r\n"
            .formatted(session, service.key());
    try (var viewers = new StreamViewers(service.port(), VIEWERS, request)) {
      await().atMost(TIMEOUT).until(() -> viewers.greeted() == VIEWERS);
      TextPublisher textPublisher =
          texts ->
              texts.forEach(
                  text ->
                      service.backend().appendEvent(session, null, ScriptedBackend.message(text)));
      return measure(viewers, textPublisher, "reactor-http", burst, pace);
    }
  }

  private RoundResult measureRawPush(int burst, Duration pace) throws Exception {
    try (var server = new RawSocketPush();
        var viewers = new StreamViewers(server.port(), VIEWERS, "")) {
      await().atMost(TIMEOUT).until(() -> server.connected() == VIEWERS);
      var session = SessionId.next();
      var sent = new long[1];
      TextPublisher textPublisher =
          texts -> {
            var records = new ByteArrayOutputStream();
            for (var text : texts) records.writeBytes(record(session, ++sent[0], text));
            server.push(records.toByteArray());
          };
      return measure(viewers, textPublisher, RawSocketPush.NAME, burst, pace);
    }
  }

  private RoundResult measure(
      StreamViewers viewers, TextPublisher textPublisher, String loops, int burst, Duration pace)
      throws Exception {
    long cpu = cpuNanos(loops);
    long startNanos = System.nanoTime();
    long due = startNanos;
    long sent = 0;
    while (System.nanoTime() - startNanos < ROUND.toNanos()) {
      due += pace.toNanos();
      while (viewers.seen() < sent - burst || System.nanoTime() < due)
        LockSupport.parkNanos(20_000);
      textPublisher.push(texts(burst, 'x'));
      sent += burst;
    }
    viewers.expectEnd();
    textPublisher.push(texts(1, StreamViewers.END));
    while (!viewers.allHaveTheEnd()) LockSupport.parkNanos(20_000);
    double deliveries = (sent + 1.0) * VIEWERS;
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    double cpuMicros = (cpuNanos(loops) - cpu) / 1e3 / deliveries;
    var latencies = viewers.latencies();
    return new RoundResult(
        deliveries / seconds,
        cpuMicros,
        latencies[latencies.length / 2] / 1e6,
        latencies[(int) (latencies.length * 0.99)] / 1e6);
  }

  private List<String> texts(int count, char filler) {
    var texts = new ArrayList<String>(count);
    for (int i = 0; i < count; i++) texts.add(text(filler));
    return texts;
  }

  private String text(char filler) {
    var time =
        String.format(Locale.ROOT, "%0" + StreamViewers.TIME_DIGITS + "d", System.nanoTime());
    return StreamViewers.MARK + time + String.valueOf(filler).repeat(padding);
  }

  /** Creates the same bytes as the service. */
  private byte[] record(SessionId session, long sequence, String text) {
    var body = ScriptedBackend.message(text);
    var item =
        new StreamItem(
            body.type(),
            "MessageReceived",
            session,
            null,
            null,
            null,
            sequence,
            Instant.now(),
            body);
    var json = new String(service.bean(WireJson.class).toBytes(item), StandardCharsets.UTF_8);
    return ("event: message\nid: " + sequence + "\ndata: " + json + "\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static long cpuNanos(String threads) {
    var machine = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (var thread : machine.getThreadInfo(machine.getAllThreadIds()))
      if (thread != null && thread.getThreadName().startsWith(threads))
        nanos += Math.max(0, machine.getThreadCpuTime(thread.getThreadId()));
    return nanos;
  }
}
