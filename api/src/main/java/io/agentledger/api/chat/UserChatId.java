package io.agentledger.api.chat;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one user's chat. */
@StableName("user_chat")
public record UserChatId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "uch";

  public UserChatId {
    Ids.check(PREFIX, value);
  }

  /** Returns the id of the user's chat. */
  public static UserChatId of(UserId user) {
    return new UserChatId(Ids.derived(PREFIX, user.value()));
  }

  @Override
  public String toString() {
    return value;
  }
}
