package io.agentledger.api.channel;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one note about a chat. */
@StableName("chat_note")
public record ChatNoteId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "chi";

  public ChatNoteId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ChatNoteId next() {
    return new ChatNoteId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
