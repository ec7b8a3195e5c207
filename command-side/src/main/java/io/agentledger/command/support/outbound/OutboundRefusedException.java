package io.agentledger.command.support.outbound;

/** A request that does not leave the house. The message is safe to show to who asked. */
public final class OutboundRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Rule that a destination breaks. */
  public enum Rule {
    URL("must be an absolute http or https URL of at most 2048 characters"),
    USER_INFO("must not contain a user or password"),
    HOST("must name a host by a full domain name or a plain address"),
    PORT("must use a port that is allowed here"),
    NETWORK("must not lead into a network that is closed to it"),
    NAME("must name a host that can be found"),
    HEADER("must not set this header"),
    REDIRECT("must not lead to another host or protocol"),
    SIZE("must not answer with more than is taken"),
    TIME("must answer in time");

    private final String description;

    Rule(String text) {
      this.description = text;
    }

    /** In the words of a field's rule: {@code must ...}. */
    public String description() {
      return description;
    }
  }

  private final Rule rule;

  OutboundRefusedException(Rule rule) {
    super("The destination " + rule.description() + ".");
    this.rule = rule;
  }

  public Rule rule() {
    return rule;
  }
}
