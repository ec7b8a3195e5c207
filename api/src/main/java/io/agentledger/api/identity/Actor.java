package io.agentledger.api.identity;

/** Who does something. In metadata it is {@code kind:id}. */
public record Actor(Kind kind, String id) {
  /** A person, an agent with a token of its own, or the service itself. */
  public enum Kind {
    PERSON,
    AGENT,
    SERVICE
  }

  /** The service, when it acts by itself and for nobody. */
  public static final Actor SERVICE = new Actor(Kind.SERVICE, "agentledger");

  public static Actor ofUser(UserId id) {
    return new Actor(Kind.PERSON, id.value());
  }

  public static Actor parse(String text) {
    int colon = text.indexOf(':');
    return new Actor(
        Kind.valueOf(text.substring(0, colon).toUpperCase(java.util.Locale.ROOT)),
        text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + id;
  }
}
