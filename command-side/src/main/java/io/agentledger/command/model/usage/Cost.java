package io.agentledger.command.model.usage;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Cost of an exchange in nano-dollars with its basis: the date of the price table and whether it
 * listed the model.
 */
public record Cost(long nanos, Basis basis, String table) {

  /** Basis of a price: the model's own, or the table's fallback for unlisted models. */
  public enum Basis {
    @JsonProperty("listed")
    LISTED,
    @JsonProperty("fallback")
    FALLBACK
  }
}
