package io.agentledger.client;

/** JSON of a subscription and of a delivery, as the service sends it. */
public final class SubscriptionJson {
  public static final String ID = "sub_7k2m9pq4xw";
  public static final String DELIVERY = "dlv_7k2m9pq4xw";

  private SubscriptionJson() {}

  /**
   * Returns a subscription.
   *
   * @param secret JSON
   */
  public static String subscription(String status, String secret) {
    return """
        {"id":"%s","owner_id":"usr_7k2m9pq4xw","name":"CI","event_types":["run.completed"],
         "filter":{"ownership":"mine","session_ids":[],"agent_ids":[],"task_ids":[]},
         "url":"https://ci.example.com/hook","headers":{},"secrets":[],"timeout_seconds":10,
         "signing_secret":%s,"previous_secret_valid_until":null,"status":"%s",
         "disable_reason":%s,"failing_since":null,"dropped_events":0,"last_dropped_at":null,"version":3,
         "created_at":"2026-11-24T09:00:00Z","updated_at":"2026-11-24T09:00:00Z"}
        """
        .formatted(ID, secret, status, status.equals("disabled") ? "\"gone\"" : "null");
  }

  /** Returns a delivery that is dead. */
  public static String delivery() {
    return """
        {"id":"%s","subscription_id":"%s","event_type":"run.completed","event_id":"e1",
         "resource_id":"ses_7k2m9pq4xw","session_id":"ses_7k2m9pq4xw",
         "occurred_at":"2026-11-24T09:00:00Z","created_at":"2026-11-24T09:00:00Z","status":"dead",
         "attempt_count":12,"next_attempt_at":null,"http_status":503,
         "failure":"its target responded with the status 503","ended_at":"2026-11-27T09:00:00Z",
         "attempts":[{"attempt":12,"at":"2026-11-27T09:00:00Z","duration_ms":3,
          "http_status":503,"failure":"its target responded with the status 503"}]}
        """
        .formatted(DELIVERY, ID);
  }
}
