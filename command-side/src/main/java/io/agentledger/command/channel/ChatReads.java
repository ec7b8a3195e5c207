package io.agentledger.command.channel;

import io.agentledger.api.channel.ChatEvent.ChatRead;
import io.agentledger.api.identity.UserId;
import java.util.HashMap;
import java.util.Map;

/** Numbers of the last messages of a chat that users have read. */
final class ChatReads {
  private Map<String, Long> through = new HashMap<>();

  boolean hasRead(UserId user, long number) {
    return through.getOrDefault(user.value(), 0L) >= number;
  }

  void on(ChatRead event) {
    through.put(event.by().value(), event.through());
  }
}
