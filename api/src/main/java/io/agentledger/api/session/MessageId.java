package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one message; known before its content, so that frames can name it. */
@StableName("message")
public record MessageId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "msg";

  public MessageId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static MessageId next() {
    return new MessageId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
