package io.agentledger.client.flow;

import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowPlanView;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.flow.FlowView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.ClientJson;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Client of flows. */
public final class FlowsClient {
  private static final String FLOWS = "/api/v1/flows";

  private final ApiHttpClient http;

  public FlowsClient(ApiHttpClient http) {
    this.http = http;
  }

  /**
   * Starts a flow.
   *
   * @param request body of the request, JSON
   * @throws IllegalArgumentException if it is not a JSON object
   */
  public FlowView start(String request) {
    return http.post(FLOWS, ClientJson.readObject(request), new TypeReference<>() {});
  }

  /**
   * Lists flows, newest first.
   *
   * @param status null for all
   */
  public Page<FlowView> list(@Nullable FlowStatus status, PageRequest page) {
    var filter = status == null ? "" : "&status=" + status.name().toLowerCase(Locale.ROOT);
    return http.get(FLOWS + "?limit=" + page.limit() + filter, new TypeReference<>() {});
  }

  public FlowView find(FlowId flow) {
    return http.get(FLOWS + "/" + flow, new TypeReference<>() {});
  }

  public FlowPlanView findPlan(FlowId flow) {
    return http.get(FLOWS + "/" + flow + "/plan", new TypeReference<>() {});
  }

  /**
   * Approves the plan of a flow.
   *
   * @param reason null for none
   */
  public FlowView approve(FlowId flow, @Nullable String reason) {
    return decide(flow, "approve", reason);
  }

  /**
   * Rejects the plan of a flow, which ends it.
   *
   * @param reason null for none
   */
  public FlowView reject(FlowId flow, @Nullable String reason) {
    return decide(flow, "reject", reason);
  }

  private FlowView decide(FlowId flow, String decision, @Nullable String reason) {
    Map<String, Object> body = reason == null ? Map.of() : Map.of("reason", reason);
    return http.post(FLOWS + "/" + flow + "/" + decision, body, new TypeReference<>() {});
  }

  public FlowView cancel(FlowId flow) {
    return http.post(FLOWS + "/" + flow + "/cancel", Map.of(), new TypeReference<>() {});
  }
}
