package io.agentledger.client.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One session shown to many: the model streams texts at a fixed pace to a thousand viewers over
 * server-sent events. The floor writes as many bytes to as many connections at the same pace.
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
      pushByService(session, streams); // Warm-up.
      for (int i = context.rounds(); i > 0; i--) {
        Push ours = pushByService(session, streams);
        rounds.add(new Round(pushBytes(ours.bytes), ours));
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

  private Push pushBytes(int size) throws Exception {
    List<SocketChannel> channels = new ArrayList<>();
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), viewers);
      try (StreamViewers streams = new StreamViewers(server.getLocalAddress(), viewers, "", "")) {
        while (channels.size() < viewers) channels.add(server.accept());
        double cpu = write(channels, size);
        Polling.await(POLL, streams::bytes, count -> count == (long) size * texts * viewers);
        return push(cpu, streams.bytes(), streams.takeLags());
      }
    } finally {
      for (SocketChannel channel : channels) channel.close();
    }
  }

  /** Returns the CPU seconds of the writing thread. */
  private double write(List<SocketChannel> channels, int size)
      throws IOException, InterruptedException {
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    long start = System.nanoTime();
    for (int i = 0; i < texts; i++) {
      FixedRate.awaitDue(start + i * PACE.toNanos());
      buffer.put(0, StandInModel.timedText().getBytes());
      for (SocketChannel channel : channels) channel.write(buffer.clear());
    }
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
  }
}
