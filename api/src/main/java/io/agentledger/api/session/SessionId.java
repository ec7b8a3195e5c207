package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one session. */
@StableName("session")
public record SessionId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "ses";

  public SessionId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static SessionId next() {
    return new SessionId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
