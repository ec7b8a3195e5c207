package io.agentledger.api.identity;

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
    CHANNEL
  }

  /** The service, when it acts by itself and not on behalf of a user. */
  public static final Actor SERVICE = new Actor(ActorType.SERVICE, "agentledger");

  public static Actor ofUser(UserId id) {
    return new Actor(ActorType.USER, id.value());
  }

  public static Actor parse(String text) {
    int colon = text.indexOf(':');
    return new Actor(
        ActorType.valueOf(text.substring(0, colon).toUpperCase(java.util.Locale.ROOT)),
        text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return type.name().toLowerCase(java.util.Locale.ROOT) + ":" + id;
  }
}
