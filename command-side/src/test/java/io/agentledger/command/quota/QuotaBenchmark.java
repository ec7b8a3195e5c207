package io.agentledger.command.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.quota.RateLimiter;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.command.CommandTestSupport;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Measures the cost of reservations and rate limits: the same query with and without a reservation,
 * alternating, each in a session of its own; and one call that is counted.
 */
class QuotaBenchmark extends CommandTestSupport {
  private static final int WARM_UP = 200;
  private static final int ROUNDS = Integer.getInteger("quota.rounds", 500);

  /** Below the limit of sessions, with realistically filled quotas. */
  private static final int QUERIES_PER_TENANT = 4;

  @Autowired private RateLimiter rateLimiter;

  @Test
  void measuresTheOverheadOfReservationsAndMetering() {
    measure(WARM_UP);
    var taken = measure(ROUNDS);
    print("a query, not reserved for", taken[0]);
    print("a query, reserved for", taken[1]);
    print("a call, counted", taken[2]);
    assertThat(taken[0]).hasSize(ROUNDS);
  }

  private long[][] measure(int rounds) {
    var nanos = new long[3][rounds];
    var caller = newCaller();
    for (int i = 0; i < rounds; i++) {
      if (i % QUERIES_PER_TENANT == 0) caller = newCaller();
      nanos[0][i] = query(caller, systemMetadata(caller));
      nanos[1][i] = query(caller, caller.asMetadata("req_test"));
      long startNanos = System.nanoTime();
      rateLimiter.acquire(caller, 1).toCompletableFuture().join();
      nanos[2][i] = System.nanoTime() - startNanos;
    }
    return nanos;
  }

  /** The system makes no reservations for itself. */
  private static Map<String, Object> systemMetadata(Caller caller) {
    var metadata =
        new HashMap<>(
            new Provenance(caller.tenant(), Actor.SERVICE, caller.credential(), "req_test")
                .asMetadata());
    metadata.putAll(MessageAuthorizer.SYSTEM);
    return metadata;
  }

  private long query(Caller caller, Map<String, ?> metadata) {
    SessionId session = openSession(caller);
    runner.script(session, run -> {}); // No other run is in progress.
    var submit =
        GenericCommandMessage.asCommandMessage(
                new SubmitInputs(session, List.of(prompt("hi")), null))
            .withMetaData(metadata);
    long startNanos = System.nanoTime();
    SubmitResult result = commands.sendAndWait(submit);
    long nanos = System.nanoTime() - startNanos;
    assertThat(result.queries()).hasSize(1);
    return nanos;
  }

  private static void print(String name, long[] nanos) {
    var sorted = nanos.clone();
    java.util.Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%-30s p50 %6.2f ms, p95 %6.2f ms%n",
        name,
        sorted[sorted.length / 2] / 1e6,
        sorted[(int) (sorted.length * 0.95)] / 1e6);
  }
}
