package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one side request: a request to a session's process beside the conversation. */
@StableName("side_request")
public record SideRequestId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "srq";

  public SideRequestId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static SideRequestId next() {
    return new SideRequestId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
