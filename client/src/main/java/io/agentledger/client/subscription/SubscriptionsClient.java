package io.agentledger.client.subscription;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DeliveryTestView;
import io.agentledger.api.subscription.DeliveryView;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionQuery.DeliveryFilter;
import io.agentledger.api.subscription.SubscriptionView;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.QueryString;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/** Client of subscriptions. Every call blocks; safe for any number of threads. */
public final class SubscriptionsClient {
  private static final String PATH = "/api/v1/subscriptions";

  private final ApiHttpClient http;

  public SubscriptionsClient(ApiHttpClient http) {
    this.http = http;
  }

  /** Creates a subscription; only this response contains its signing secret. */
  public SubscriptionView create(NewSubscription subscription) {
    return http.post(PATH, subscription.toBody(), new TypeReference<>() {});
  }

  /** Lists subscriptions, newest first. */
  public Page<SubscriptionView> list(PageRequest page) {
    return http.get(PATH + QueryString.of(page), new TypeReference<>() {});
  }

  public SubscriptionView find(SubscriptionId subscription) {
    return http.get(PATH + "/" + subscription, new TypeReference<>() {});
  }

  /**
   * Replaces the definition of a subscription.
   *
   * @param version version that is replaced
   */
  public SubscriptionView change(
      SubscriptionId subscription, NewSubscription definition, long version) {
    return http.put(
        PATH + "/" + subscription, definition.toBody(), version, new TypeReference<>() {});
  }

  /** Deletes a subscription, its pending deliveries and its log. */
  public void delete(SubscriptionId subscription) {
    http.delete(PATH + "/" + subscription);
  }

  /** Pauses a subscription, or resumes one that is paused or disabled. */
  public SubscriptionView setPaused(SubscriptionId subscription, boolean paused) {
    return http.post(
        PATH + "/" + subscription + (paused ? "/pause" : "/resume"),
        Map.of(),
        new TypeReference<>() {});
  }

  /**
   * Replaces the signing secret; only this response contains the new one.
   *
   * @param overlap how long requests are also signed with the previous secret, at most 7 days
   */
  public SubscriptionView rotateSecret(SubscriptionId subscription, Duration overlap) {
    return http.post(
        PATH + "/" + subscription + "/rotate-secret",
        Map.of("overlap_seconds", overlap.toSeconds()),
        new TypeReference<>() {});
  }

  /** Sends a sample event now and returns the outcome. */
  public DeliveryTestView test(SubscriptionId subscription) {
    return http.post(PATH + "/" + subscription + "/test", Map.of(), new TypeReference<>() {});
  }

  /** Lists the deliveries of the last 30 days, newest first. */
  public Page<DeliveryView> deliveries(
      SubscriptionId subscription, DeliveryFilter filter, PageRequest page) {
    var query =
        QueryString.of(page).with("status", filter.status()).with("event_type", filter.eventType());
    return http.get(PATH + "/" + subscription + "/deliveries" + query, new TypeReference<>() {});
  }

  /** Finds a delivery with its attempts. */
  public DeliveryView findDelivery(SubscriptionId subscription, DeliveryId delivery) {
    return http.get(
        PATH + "/" + subscription + "/deliveries/" + delivery, new TypeReference<>() {});
  }

  /** Sends a delivery again, at once and with new retries. */
  public DeliveryView redeliver(SubscriptionId subscription, DeliveryId delivery) {
    return http.post(
        PATH + "/" + subscription + "/deliveries/" + delivery + "/redeliver",
        Map.of(),
        new TypeReference<>() {});
  }
}
