package io.agentledger.gateway.session;

import io.agentledger.api.session.query.SessionPosition;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Position in the history of a session; the present without both.
 *
 * @param at sequence number of the last event
 * @param asOf time of the last event at the latest
 */
public record PositionParams(@Nullable Long at, @Nullable Instant asOf) {
  /** Returns the position, or null for the present; rejects both, and sequences below 1. */
  public @Nullable SessionPosition toPosition() {
    if (at != null && at < 1)
      throw InvalidRequestException.parameter("at", "must be a whole number from 1");
    if (at != null && asOf != null)
      throw InvalidRequestException.parameter("as_of", "must not be given together with at");
    if (at != null) return new SessionPosition.AtSequence(at);
    return asOf == null ? null : new SessionPosition.AsOf(asOf);
  }
}
