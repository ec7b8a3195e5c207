package io.agentledger.client.cli;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.UserId;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.support.ApiException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Names of the actors of events, as a user knows them. Reads each one once. For one thread. */
final class UserNames {
  private final AgentledgerClient service;
  private final Map<String, String> names = new HashMap<>();

  UserNames(AgentledgerClient service) {
    this.service = service;
  }

  /**
   * Returns {@code you} for the caller, the name of another user, or a description.
   *
   * @param actor {@code type:id}
   */
  String find(String actor) {
    return names.computeIfAbsent(actor, this::read);
  }

  private String read(String actor) {
    return switch (Actor.parse(actor)) {
      case Actor(var type, var id) when type == Actor.ActorType.USER -> readUser(id);
      case Actor(var type, var id) when type == Actor.ActorType.AGENT -> "an agent";
      default -> "the service";
    };
  }

  private String readUser(String id) {
    try {
      if (service.currentUser().user().id().value().equals(id)) return "you";
      return TerminalSanitizer.sanitizeLine(
          Objects.requireNonNullElse(service.findUser(new UserId(id)).name(), "another user"), 60);
    } catch (ApiException exception) {
      return "another user"; // Its name is not visible to everybody.
    }
  }
}
