package io.agentledger.api.identity;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one invitation. */
@StableName("invitation")
public record InvitationId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "inv";

  public InvitationId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static InvitationId next() {
    return new InvitationId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
