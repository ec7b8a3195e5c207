package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;

/** Names one thing that is asked of a session's process beside the conversation. */
public record AsideId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "asd";

  public AsideId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static AsideId next() {
    return new AsideId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
