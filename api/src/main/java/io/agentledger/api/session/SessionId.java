package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one session. */
@StableName("session")
public record SessionId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "ses";

  public SessionId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static SessionId next() {
    return new SessionId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
