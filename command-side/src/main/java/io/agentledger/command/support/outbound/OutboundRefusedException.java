package io.agentledger.command.support.outbound;

/** Thrown for a request that is not sent. The message is safe to show to the caller. */
public final class OutboundRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Rule that a destination breaks. */
  public enum Rule {
    URL("must be an absolute http or https URL of at most 2048 characters"),
    USER_INFO("must not contain a user or password"),
    HOST("must name a host by a full domain name or a plain address"),
    PORT("must use a port that is allowed here"),
    NETWORK("must not lead to an address in a forbidden network"),
    NAME("must name a host that can be resolved"),
    HEADER("must not set this header"),
    REDIRECT("must not lead to another host or protocol"),
    SIZE("must not exceed the size limit of a response"),
    TIME("must respond before the timeout");

    private final String description;

    Rule(String text) {
      this.description = text;
    }

    /** Returns the rule as text that starts with {@code must}. */
    public String description() {
      return description;
    }
  }

  private final Rule rule;
  private final String value;

  OutboundRefusedException(Rule rule) {
    this(rule, "");
  }

  private OutboundRefusedException(Rule rule, String value) {
    super("The destination " + rule.description() + ".");
    this.rule = rule;
    this.value = value;
  }

  static OutboundRefusedException ofPort(int port) {
    return new OutboundRefusedException(Rule.PORT, ", not " + port);
  }

  public Rule rule() {
    return rule;
  }

  /**
   * Returns the rule as text that starts with {@code must}, with the port that is refused and the
   * setting by which an operator permits more, if there is one.
   */
  public String advice() {
    return rule.description()
        + switch (rule) {
          case PORT -> value + "; agentledger.outbound.ports permits others";
          case NETWORK -> "; agentledger.outbound.allowed-networks permits private ones";
          case HOST -> "; agentledger.outbound.allowed-hosts permits short names";
          default -> "";
        };
  }
}
