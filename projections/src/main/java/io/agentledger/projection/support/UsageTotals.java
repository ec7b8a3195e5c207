package io.agentledger.projection.support;

import io.agentledger.api.model.Usage;
import io.agentledger.api.shared.Money;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** Columns of tokens and nano-dollars. */
@Embeddable
public record UsageTotals(
    long inputTokens,
    long outputTokens,
    long cacheReadTokens,
    @Column(name = "cache_write_5m_tokens") long cacheWriteTokens,
    @Column(name = "cache_write_1h_tokens") long longCacheWriteTokens,
    long costNanos) {
  public static final UsageTotals ZERO = from(Usage.ZERO, Money.ZERO);

  public static UsageTotals from(Usage usage, Money cost) {
    return new UsageTotals(
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cacheReadTokens(),
        usage.cacheWriteTokens(),
        usage.longCacheWriteTokens(),
        cost.nanos());
  }

  public UsageTotals plus(Usage usage, Money amount) {
    return from(usage().plus(usage), cost().plus(amount));
  }

  public Usage usage() {
    return new Usage(
        inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, longCacheWriteTokens);
  }

  public Money cost() {
    return new Money(costNanos);
  }
}
