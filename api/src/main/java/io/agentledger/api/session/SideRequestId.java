package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one thing that is asked of a session's process beside the conversation. */
@StableName("side_request")
public record SideRequestId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "srq";

  public SideRequestId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static SideRequestId next() {
    return new SideRequestId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
