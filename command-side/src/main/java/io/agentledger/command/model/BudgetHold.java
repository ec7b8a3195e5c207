package io.agentledger.command.model;

import io.agentledger.api.shared.Money;
import io.agentledger.command.model.ModelRequest.Operation;
import io.agentledger.command.model.usage.ModelExchange;
import io.agentledger.command.model.usage.Prices;
import io.agentledger.command.model.usage.TokenUsage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Hold on the budget for one exchange, placed before the request and settled at its end. */
final class BudgetHold {
  private static final int BYTES_PER_TOKEN = 4;

  /** Threads for reservations, which may block on the database. */
  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private final ProcessBudget processBudget;
  private final Prices prices;
  private final ModelExchange template;
  private @Nullable Money held;
  private boolean closed;

  BudgetHold(ProcessBudget processBudget, Prices prices, ModelExchange template) {
    this.processBudget = processBudget;
    this.prices = prices;
    this.template = template;
  }

  /**
   * Checks the request, reserves its estimated cost, and returns why it is refused, or empty. A
   * reservation in progress is not interrupted even if the exchange is cancelled, because an
   * interrupted statement would close the database connection.
   */
  Mono<Optional<String>> reserve(ModelRequest request, ModelRequestGuard guard) {
    return Mono.fromFuture(
        () -> CompletableFuture.supplyAsync(() -> checkAndReserve(request, guard), THREADS), true);
  }

  private Optional<String> checkAndReserve(ModelRequest request, ModelRequestGuard guard) {
    var check = guard.check(request);
    return check.refusal().isPresent() || request.operation() != Operation.MESSAGES
        ? check.refusal()
        : reserve(estimateCost(request, check));
  }

  private Optional<String> reserve(Money cost) {
    var refusal = processBudget.reserve(template.runId(), cost);
    if (refusal.isEmpty() && !trySetHold(cost))
      processBudget.release(template.runId(), cost, Money.ZERO);
    return refusal;
  }

  /**
   * Stores the hold; returns false if the exchange has ended before, because the hold would never
   * be released.
   */
  private synchronized boolean trySetHold(Money cost) {
    if (!closed) held = cost;
    return !closed;
  }

  /**
   * Estimates the cost as if all bytes were uncached input, which is rather too high than too low.
   */
  private Money estimateCost(ModelRequest request, ModelRequestGuard.Check check) {
    if (template.simulated()) return Money.ZERO;
    long tokens = Math.ceilDiv(request.body().length, BYTES_PER_TOKEN);
    var usage = new TokenUsage(tokens, 0, 0, 0, 0, check.searchCount(), 0, false);
    return new Money(prices.cost(check.model(), usage).nanos());
  }

  /** Releases the hold once, on another thread, because the budget may wait for the database. */
  void release(Money paid) {
    var hold = closeHold();
    if (hold != null) THREADS.execute(() -> processBudget.release(template.runId(), hold, paid));
  }

  private synchronized @Nullable Money closeHold() {
    var hold = held;
    held = null;
    closed = true;
    return hold;
  }
}
