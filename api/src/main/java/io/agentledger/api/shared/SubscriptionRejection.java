package io.agentledger.api.shared;

/** Rejections about subscriptions. */
public sealed interface SubscriptionRejection extends Rejection {
  /** The definition of the subscription is not possible. */
  record SubscriptionRefused(String field, String detail) implements SubscriptionRejection {
    @Override
    public String code() {
      return "subscription_refused";
    }

    @Override
    public String message() {
      return "The subscription's " + field + " " + detail + ".";
    }
  }

  /** Nothing can be sent before the subscription is resumed. */
  record SubscriptionNotActive(String id, String status) implements SubscriptionRejection {
    @Override
    public String code() {
      return "subscription_not_active";
    }

    @Override
    public String message() {
      return "The subscription is " + status + ". POST /subscriptions/{id}/resume resumes it.";
    }
  }
}
