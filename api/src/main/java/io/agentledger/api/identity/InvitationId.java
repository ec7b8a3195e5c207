package io.agentledger.api.identity;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one invitation. */
@StableName("invitation")
public record InvitationId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "inv";

  public InvitationId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static InvitationId next() {
    return new InvitationId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
