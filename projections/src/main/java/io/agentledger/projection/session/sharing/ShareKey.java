package io.agentledger.projection.session.sharing;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Primary key of a share: a session, and a user's id or {@link #EVERYONE}. */
@Embeddable
public record ShareKey(String sessionId, String audience) implements Serializable {
  /** Represents all users of the tenant; distinct from every user id. */
  public static final String EVERYONE = "*";
}
