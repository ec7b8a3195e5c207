package io.agentledger.command.model;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.usage.UsageMeter;
import io.agentledger.command.support.SocketOwner;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpResources;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * Warms up the gateway with rehearsed exchanges over a separate socket, so that the first real
 * exchange is not slowed down by class loading. It runs concurrently with the start, and the
 * service reports ready after it has ended or timed out. A failure is only logged.
 */
final class ModelWarmUp implements SmartInitializingSingleton, ApplicationRunner {
  private static final Logger log = LoggerFactory.getLogger(ModelWarmUp.class);
  private static final int EXCHANGE_COUNT = 50;
  private static final String REQUEST =
      """
      {"model":"claude-opus-4-8","stream":true,"max_tokens":1,
       "messages":[{"role":"user","content":"scenario: text"}]}""";

  private final ModelUpstream rehearsal;
  private final UsageMeter.Config config;
  private final ModelSettings settings;
  private CompletableFuture<Outcome> outcome = CompletableFuture.completedFuture(Outcome.NONE);

  /** Number of exchanges, and the durations of the first and the fastest one. */
  record Outcome(int exchangeCount, Duration first, Duration fastest) {
    static final Outcome NONE = new Outcome(0, Duration.ZERO, Duration.ZERO);
  }

  ModelWarmUp(ModelUpstream rehearsal, UsageMeter.Config config, ModelSettings settings) {
    this.rehearsal = rehearsal;
    this.config = config;
    this.settings = settings;
  }

  @Override
  public void afterSingletonsInstantiated() {
    if (settings.warmUp().isZero()) return;
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    outcome = CompletableFuture.supplyAsync(this::runExchanges, threads);
    threads.shutdown();
  }

  @Override
  public void run(ApplicationArguments arguments) {
    Outcome result = outcome();
    if (result.exchangeCount() == 0) return;
    log.atInfo()
        .addKeyValue("exchanges", result.exchangeCount())
        .addKeyValue("firstMicros", result.first().toNanos() / 1000)
        .addKeyValue("fastestMicros", result.fastest().toNanos() / 1000)
        .log("model gateway is warm");
  }

  Outcome outcome() {
    return outcome.join();
  }

  private Outcome runExchanges() {
    long deadlineNanos = System.nanoTime() + settings.warmUp().toNanos();
    try {
      Path directory = Files.createTempDirectory("warm");
      Path socket = directory.resolve("s");
      Path usage = directory.resolve("u");
      try (var gateway = new ModelGateway(rehearsal, config, settings)) {
        var process = new ProcessRef(SessionId.next(), ProcessId.next());
        gateway
            .open(socket, SocketOwner.ofService(), usage, process)
            .bindRun(newRun()); // Without a run the gateway refuses the exchanges.
        return exchangeUntil(socket, deadlineNanos);
      } finally {
        Files.deleteIfExists(usage);
        Files.deleteIfExists(directory);
      }
    } catch (IOException | RuntimeException e) {
      log.atWarn().setCause(e).log("could not warm up the model gateway");
      return Outcome.NONE;
    }
  }

  private static BillingContext newRun() {
    return new BillingContext(
        RunId.next(),
        Provenance.ofSystem(TenantId.next(), "warm-up"),
        UserId.next(),
        new Budget.Unlimited(),
        Money.ZERO,
        Money.ZERO,
        Optional.empty());
  }

  private static Outcome exchangeUntil(Path socket, long deadlineNanos) {
    HttpClient client =
        HttpClient.create(ConnectionProvider.newConnection())
            .runOn(HttpResources.get(), false) // The JDK's transport, like the server.
            .remoteAddress(() -> UnixDomainSocketAddress.of(socket));
    Duration first = Duration.ZERO;
    Duration fastest = Duration.ZERO;
    int count = 0;
    while (count < EXCHANGE_COUNT && System.nanoTime() < deadlineNanos) {
      long startedNanos = System.nanoTime();
      if (!exchange(client, Duration.ofNanos(deadlineNanos - startedNanos))) break;
      var duration = Duration.ofNanos(System.nanoTime() - startedNanos);
      if (count == 0) first = duration;
      if (count++ == 0 || duration.compareTo(fastest) < 0) fastest = duration;
    }
    return new Outcome(count, first, fastest);
  }

  /**
   * Makes one exchange and returns whether it succeeded in time; a slow machine gets fewer ones.
   */
  private static boolean exchange(HttpClient client, Duration timeout) {
    return client
        .headers(headers -> headers.set("content-type", "application/json"))
        .post()
        .uri(ModelRequest.Operation.MESSAGES.path())
        .send(Mono.just(Unpooled.wrappedBuffer(REQUEST.getBytes(StandardCharsets.UTF_8))))
        .response(
            (response, body) ->
                body.then(Mono.just(response.status().equals(HttpResponseStatus.OK))))
        .single()
        .timeout(timeout, Mono.just(false))
        .blockOptional()
        .orElse(false);
  }
}
