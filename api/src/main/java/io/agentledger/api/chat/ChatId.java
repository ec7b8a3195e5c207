package io.agentledger.api.chat;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one user's chat. */
@StableName("chat")
public record ChatId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "cht";

  public ChatId {
    Ids.check(PREFIX, value);
  }

  /** Returns the id of the user's chat. */
  public static ChatId of(UserId user) {
    return new ChatId(Ids.derived(PREFIX, user.value()));
  }

  @Override
  public String toString() {
    return value;
  }
}
