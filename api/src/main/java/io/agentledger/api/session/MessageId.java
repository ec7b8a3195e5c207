package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/**
 * Id of one message; created before its content is known, so that transient events can refer to it.
 */
@StableName("message")
public record MessageId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "msg";

  public MessageId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static MessageId next() {
    return new MessageId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
