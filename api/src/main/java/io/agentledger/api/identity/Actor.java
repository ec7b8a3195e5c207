package io.agentledger.api.identity;

import java.util.List;
import java.util.Locale;

/** Acting user, agent, trigger, channel or service; {@code type:id} in metadata. */
public record Actor(ActorType type, String id) {
  /**
   * Type of an actor: a user, an agent with its own token, the service itself, a trigger on behalf
   * of a provider, or a channel on behalf of a contact.
   */
  public enum ActorType {
    USER,
    AGENT,
    SERVICE,
    TRIGGER,
    CHANNEL;

    /** Computed once, because every message contains the actor as text. */
    private final String wireName = name().toLowerCase(Locale.ROOT);

    private static ActorType of(String wireName) {
      for (var type : VALUES) if (type.wireName.equals(wireName)) return type;
      throw new IllegalArgumentException("must be a type of actors");
    }
  }

  private static final List<ActorType> VALUES = List.of(ActorType.values());

  /** The service, when it acts by itself and not on behalf of a user. */
  public static final Actor SERVICE = new Actor(ActorType.SERVICE, "agentledger");

  public static Actor ofUser(UserId id) {
    return new Actor(ActorType.USER, id.value());
  }

  public static Actor parse(String text) {
    int colon = text.indexOf(':');
    return new Actor(ActorType.of(text.substring(0, colon)), text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return type.wireName + ":" + id;
  }
}
