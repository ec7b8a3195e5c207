package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one query of a client. */
@StableName("query")
public record QueryId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "qry";

  public QueryId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static QueryId next() {
    return new QueryId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
