package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;

/** Names one query of a client. */
public record QueryId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "qry";

  public QueryId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static QueryId next() {
    return new QueryId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
