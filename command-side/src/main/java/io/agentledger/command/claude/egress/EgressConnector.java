package io.agentledger.command.claude.egress;

import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.egress.EgressAuthorizer.ApprovedTarget;
import io.agentledger.command.support.outbound.Destination;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Authorizes and opens connections of processes. Blocking work runs on other threads, a limited
 * number per process, so that one session cannot use all of them.
 */
final class EgressConnector {
  private static final int ADMISSIONS_MAX = 4;
  private static final int HEADER_BYTES_MAX = 64 * 1024;

  private final EgressContext egressContext;
  private final EgressAuthorizer egressAuthorizer;
  private final Executor blocking;
  private final int connectMillis;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int admitting;
  private final AtomicReference<@Nullable RunTraffic> traffic = new AtomicReference<>();

  EgressConnector(
      EgressContext egressContext,
      EgressAuthorizer egressAuthorizer,
      Executor blocking,
      int connectMillis) {
    this.egressContext = egressContext;
    this.egressAuthorizer = egressAuthorizer;
    this.blocking = blocking;
    this.connectMillis = connectMillis;
  }

  /** Assigns all further connections to the run. Idempotent. */
  void bindRun(RunId run, Supplier<RunTraffic> fresh) {
    traffic.updateAndGet(old -> old != null && old.run().equals(run) ? old : fresh.get());
  }

  boolean isBoundTo(RunId run) {
    RunTraffic current = traffic.get();
    return current != null && current.run().equals(run);
  }

  /** Authorized connection, and the traffic that it counts for. */
  record Grant(ApprovedTarget target, RunTraffic traffic) {}

  /**
   * Authorizes a connection. The future completes with {@link EgressDeniedException} if it is
   * denied, and never on the caller's thread.
   */
  CompletableFuture<Grant> authorize(EgressClient client, Destination destination) {
    RunTraffic runTraffic = traffic.get();
    if (runTraffic == null)
      return CompletableFuture.failedFuture(
          new EgressDeniedException("no run has begun in this session yet"));
    var answer = new CompletableFuture<Grant>();
    answer.orTimeout(connectMillis, TimeUnit.MILLISECONDS);
    enqueue(() -> authorize(client, destination, runTraffic, answer));
    return answer;
  }

  private void enqueue(Runnable task) {
    synchronized (waiting) {
      waiting.add(task); // At most one per connection, whose number is limited.
      if (admitting == ADMISSIONS_MAX) return;
      admitting++;
    }
    runNext();
  }

  /**
   * Runs the waiting tasks one after the other. If no thread is available, they are dropped and
   * time out.
   */
  private void runNext() {
    try {
      blocking.execute(
          () -> {
            Runnable task = pollNext();
            if (task == null) return;
            task.run();
            runNext();
          });
    } catch (RejectedExecutionException full) {
      synchronized (waiting) {
        admitting--;
        waiting.clear(); // They time out, and their callers get an error.
      }
    }
  }

  private @Nullable Runnable pollNext() {
    synchronized (waiting) {
      Runnable task = waiting.poll();
      if (task == null) admitting--;
      return task;
    }
  }

  private void authorize(
      EgressClient client,
      Destination destination,
      RunTraffic runTraffic,
      CompletableFuture<Grant> answer) {
    try {
      answer.complete(
          new Grant(
              egressAuthorizer.authorize(client, egressContext, runTraffic, destination),
              runTraffic));
    } catch (EgressDeniedException | RuntimeException refused) {
      answer.completeExceptionally(refused);
    }
  }

  /**
   * Connects on the event loop of the client's connection; nothing is read before it is requested.
   */
  ChannelFuture connect(
      Channel clientChannel, InetAddress address, ProxyTarget proxyTarget, RunTraffic runTraffic) {
    return new Bootstrap()
        .group(clientChannel.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new TrafficLimitHandler(
                            runTraffic,
                            egressDeniedException ->
                                recordRefusal(
                                    runTraffic, proxyTarget.destination(), egressDeniedException)));
                if (!proxyTarget.tunnel())
                  channel
                      .pipeline()
                      .addLast(new HttpClientCodec(4096, HEADER_BYTES_MAX, HEADER_BYTES_MAX));
              }
            })
        .connect(new InetSocketAddress(address, proxyTarget.destination().port()));
  }

  private void recordRefusal(
      RunTraffic runTraffic, Destination destination, EgressDeniedException egressDeniedException) {
    try {
      blocking.execute(
          () ->
              runTraffic.recordRefusal(
                  destination.host(), destination.port(), egressDeniedException.rule()));
    } catch (RejectedExecutionException full) {
      // The connection is closed in any case, and the next refusal will be recorded.
    }
  }
}
