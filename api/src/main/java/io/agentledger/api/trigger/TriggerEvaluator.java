package io.agentledger.api.trigger;

import io.agentledger.api.identity.TenantId;

/** Port by which the gateway checks definitions of triggers and shows what payloads would do. */
public interface TriggerEvaluator {
  /**
   * Checks the condition and the templates of a definition.
   *
   * @throws InvalidTriggerException with the first violation
   */
  void check(TriggerDefinition definition);

  /** Returns whether the addresses of providers without an id lead to triggers of a tenant. */
  boolean canBeDefault(TenantId tenant);

  /** Returns what the payload of a webhook would start, without any effect. */
  DeliveryPreview preview(TriggerView trigger, WebhookRequest request);

  /** Thrown for a definition that cannot be used. */
  final class InvalidTriggerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field name of the field in JSON
     * @param message the violation, as "must ..."
     */
    public InvalidTriggerException(String field, String message) {
      super(message);
      this.field = field;
    }

    public String field() {
      return field;
    }
  }
}
