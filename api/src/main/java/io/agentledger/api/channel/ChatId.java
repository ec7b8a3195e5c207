package io.agentledger.api.channel;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one chat with a contact; the command side derives it from the channel and the contact. */
@StableName("chat")
public record ChatId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "cht";

  public ChatId {
    Ids.check(PREFIX, value);
  }

  @Override
  public String toString() {
    return value;
  }
}
