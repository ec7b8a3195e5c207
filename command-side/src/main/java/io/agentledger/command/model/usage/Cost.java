package io.agentledger.command.model.usage;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What an exchange cost in nano-dollars, and how we know: the date of the price table and whether
 * it listed the model.
 */
public record Cost(long nanos, Basis basis, String table) {

  /** Whether the price is the model's own, or the table's stated fallback for a model it omits. */
  public enum Basis {
    @JsonProperty("listed")
    LISTED,
    @JsonProperty("fallback")
    FALLBACK
  }
}
