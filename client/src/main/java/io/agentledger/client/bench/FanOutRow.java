package io.agentledger.client.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One session shown to many: the model streams texts at a fixed pace to a thousand viewers over
 * server-sent events. The floor pushes as many bytes by Netty to as many connections at the same
 * pace.
 */
final class FanOutRow {
  private static final Duration PACE = Duration.ofMillis(20);
  private static final Duration POLL = Duration.ofMillis(5);

  private final BenchContext context;
  private final BenchService service;
  private final int viewers;
  private final int texts;

  FanOutRow(BenchContext context) {
    this.context = context;
    this.service = context.service();
    this.viewers = context.choose(50, 1_000);
    this.texts = context.choose(50, 500);
  }

  /**
   * Result of one push of all texts to all viewers.
   *
   * @param cpuMicros of the sender for each text and viewer
   * @param bytes that a viewer received for a text
   */
  private record Push(double cpuMicros, int bytes, double lagP99) {}

  private record Round(Push floor, Push ours) {}

  List<Measurement> measure() throws Exception {
    BenchSession session = BenchSession.open(service);
    session.firstTextMillis();
    List<Round> rounds = new ArrayList<>();
    context.model().setPacedTexts(texts, PACE);
    try (StreamViewers streams =
        new StreamViewers(
            service.address(),
            viewers,
            service.rawRequest(session.path() + "/events"),
            "HTTP/1.1 200")) {
      Polling.await(POLL, streams::greeted, count -> count == viewers);
      long end = System.nanoTime() + context.warmUp().toNanos();
      do pushByService(session, streams);
      while (System.nanoTime() < end);
      for (int i = context.rounds(); i > 0; i--) {
        Push ours = pushByService(session, streams);
        rounds.add(new Round(pushByNetty(ours.bytes), ours));
      }
    } finally {
      context.model().setBlocks(1);
    }
    session.archive();
    return List.of(
        Measurement.of(
                BenchRow.FAN_OUT,
                "CPU of a delivery, %,d".formatted(viewers),
                "us",
                rounds,
                round -> round.ours.cpuMicros)
            .withFloor(rounds, round -> round.floor.cpuMicros)
            .withBars(Bar.ratioAtMost(1 / 0.85)),
        Measurement.of(BenchRow.FAN_OUT, "lag p99", "ms", rounds, round -> round.ours.lagP99)
            .withFloor(rounds, round -> round.floor.lagP99)
            .withBars(Bar.atMost(60)));
  }

  private Push pushByService(BenchSession session, StreamViewers streams) throws Exception {
    streams.takeLags();
    long bytes = streams.bytes();
    double cpu = service.cpuSeconds();
    session.firstTextMillis();
    Polling.await(POLL, streams::lags, count -> count == streams.lagsOf(texts));
    cpu = service.cpuSeconds() - cpu;
    double[] lags = streams.takeLags();
    return push(cpu, streams.bytes() - bytes, lags);
  }

  private Push push(double cpuSeconds, long bytes, double[] lags) {
    double deliveries = (double) texts * viewers;
    return new Push(
        cpuSeconds * 1e6 / deliveries,
        (int) (bytes / deliveries),
        Measurement.quantile(lags, 0.99));
  }

  private Push pushByNetty(int size) throws Exception {
    try (NettyPush server = new NettyPush(viewers);
        StreamViewers streams = new StreamViewers(server.address(), viewers, "", "")) {
      Polling.await(POLL, server::connected, count -> count == viewers);
      long start = System.nanoTime();
      for (int i = 0; i < texts; i++) {
        FixedRate.awaitDue(start + i * PACE.toNanos());
        server.push(Arrays.copyOf(StandInModel.timedText().getBytes(UTF_8), size));
      }
      Polling.await(POLL, streams::bytes, count -> count == (long) size * texts * viewers);
      return push(server.cpuSeconds(), streams.bytes(), streams.takeLags());
    }
  }
}
