package io.agentledger.projection.session;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** A session, and with whom it is shared: a user's id, or {@link #EVERYONE}. */
@Embeddable
public record ShareKey(String sessionId, String audience) implements Serializable {
  /** Stands for all of the tenant; no user's id looks like it. */
  public static final String EVERYONE = "*";
}
