package io.agentledger.projection.support;

import io.agentledger.api.model.Usage;
import io.agentledger.api.shared.Money;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** Tokens and nano-dollars, as columns. */
@Embeddable
public record Spent(
    long inputTokens,
    long outputTokens,
    long cacheReadTokens,
    @Column(name = "cache_write_5m_tokens") long cacheWrite5mTokens,
    @Column(name = "cache_write_1h_tokens") long cacheWrite1hTokens,
    long costNanos) {
  public static final Spent NOTHING = of(Usage.ZERO, Money.ZERO);

  public static Spent of(Usage usage, Money cost) {
    return new Spent(
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cacheReadTokens(),
        usage.cacheWrite5mTokens(),
        usage.cacheWrite1hTokens(),
        cost.nanos());
  }

  public Spent plus(Usage usage, Money more) {
    return of(usage().plus(usage), cost().plus(more));
  }

  public Usage usage() {
    return new Usage(
        inputTokens, outputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens);
  }

  public Money cost() {
    return new Money(costNanos);
  }
}
