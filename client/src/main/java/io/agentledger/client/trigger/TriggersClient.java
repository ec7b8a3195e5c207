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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
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
    var parameters = new StringBuilder("?limit=").append(page.limit());
    append(parameters, "provider", filter.provider());
    append(parameters, "task_id", filter.taskId());
    append(parameters, "paused", filter.paused());
    append(parameters, "text", filter.text());
    if (filter.includeArchived()) parameters.append("&include_archived=true");
    return http.get(TRIGGERS + parameters, new TypeReference<>() {});
  }

  private static void append(StringBuilder parameters, String name, @Nullable Object value) {
    if (value != null)
      parameters
          .append('&')
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
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
    return http.post(TRIGGERS, toObject(definition), new TypeReference<>() {});
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
        Map.of("headers", headers, "payload", toObject(payload)),
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

  private static Map<String, Object> toObject(String text) {
    try {
      return ClientJson.MAPPER.readValue(text, new TypeReference<Map<String, Object>>() {});
    } catch (JacksonException exception) {
      throw new IllegalArgumentException("is not a JSON object", exception);
    }
  }
}
