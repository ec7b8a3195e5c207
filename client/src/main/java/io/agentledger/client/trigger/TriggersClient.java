package io.agentledger.client.trigger;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.trigger.DeliveryPreview;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.InboundDeliveryView;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.TriggerQuery.TriggerFilter;
import io.agentledger.api.trigger.TriggerVersionView;
import io.agentledger.api.trigger.TriggerView;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.QueryString;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/** Client of triggers and the webhooks that they received. */
public final class TriggersClient {
  private static final String TRIGGERS = "/api/v1/triggers";

  private final ApiHttpClient http;

  public TriggersClient(ApiHttpClient http) {
    this.http = http;
  }

  /** Lists triggers that are not archived, newest first. */
  public Page<TriggerView> list(PageRequest page) {
    return http.get(TRIGGERS + "?limit=" + page.limit(), new TypeReference<>() {});
  }

  /** Lists triggers that match a filter, newest first. */
  public Page<TriggerView> list(TriggerFilter filter, PageRequest page) {
    var query =
        QueryString.of(page)
            .with("provider", filter.provider())
            .with("task_id", filter.taskId())
            .with("paused", filter.paused())
            .with("text", filter.text())
            .with("include_archived", filter.includeArchived());
    return http.get(TRIGGERS + query, new TypeReference<>() {});
  }

  /** Lists the versions of a trigger, newest first. */
  public Page<TriggerVersionView> versions(TriggerId trigger, PageRequest page) {
    return http.get(
        TRIGGERS + "/" + trigger + "/versions?limit=" + page.limit(), new TypeReference<>() {});
  }

  public TriggerView find(TriggerId trigger) {
    return http.get(TRIGGERS + "/" + trigger, new TypeReference<>() {});
  }

  /**
   * Creates a trigger.
   *
   * @param definition body of the request, JSON
   * @throws IllegalArgumentException if it is not a JSON object
   */
  public TriggerView create(String definition) {
    return http.post(TRIGGERS, ClientJson.readObject(definition), new TypeReference<>() {});
  }

  /** Pauses a trigger, or continues it. */
  public TriggerView setPaused(TriggerId trigger, boolean paused) {
    return http.post(
        TRIGGERS + "/" + trigger + (paused ? "/pause" : "/resume"),
        Map.of(),
        new TypeReference<>() {});
  }

  /**
   * Returns what a payload would start.
   *
   * @param headers headers that the provider would send
   * @param payload JSON
   * @throws IllegalArgumentException if the payload is not a JSON object
   */
  public DeliveryPreview test(TriggerId trigger, Map<String, String> headers, String payload) {
    return http.post(
        TRIGGERS + "/" + trigger + "/test",
        Map.of("headers", headers, "payload", ClientJson.readObject(payload)),
        new TypeReference<>() {});
  }

  /** Lists deliveries of a trigger, newest first. */
  public Page<InboundDeliveryView> deliveries(TriggerId trigger, PageRequest page) {
    return http.get(
        TRIGGERS + "/" + trigger + "/deliveries?limit=" + page.limit(), new TypeReference<>() {});
  }

  /** Finds a delivery with its payload. */
  public InboundDeliveryView findDelivery(TriggerId trigger, InboundDeliveryId delivery) {
    return http.get(TRIGGERS + "/" + trigger + "/deliveries/" + delivery, new TypeReference<>() {});
  }

  /** Processes a delivery again. */
  public InboundDeliveryView redeliver(TriggerId trigger, InboundDeliveryId delivery) {
    return http.post(
        TRIGGERS + "/" + trigger + "/deliveries/" + delivery + "/redeliver",
        Map.of(),
        new TypeReference<>() {});
  }
}
