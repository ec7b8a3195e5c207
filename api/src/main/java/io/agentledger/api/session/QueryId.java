package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one query of a client. */
@StableName("query")
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
