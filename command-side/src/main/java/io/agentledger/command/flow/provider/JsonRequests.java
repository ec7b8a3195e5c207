package io.agentledger.command.flow.provider;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import io.agentledger.store.support.UntrustedJson;
import java.time.Duration;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests with JSON bodies to one connection. */
record JsonRequests(
    ProviderRequests requests,
    ProviderSecrets secrets,
    TenantId tenant,
    ProviderConnection connection) {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final int NOT_FOUND = 404;
  private static final int REDIRECT = 300;

  /**
   * Sends a request; returns its response, also one of status 404.
   *
   * @param path path and query behind the base URL, encoded
   */
  Reply send(String method, String path, @Nullable Object body) {
    var headers = new HashMap<>(secrets.headers(tenant, connection));
    headers.put("Accept", "application/json");
    headers.put("Content-Type", "application/json");
    var bytes = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
    var response =
        requests.send(
            new OutboundRequest(method, ProviderSecrets.apiUrl(connection) + path, headers, bytes));
    if (response.status() >= REDIRECT && response.status() != NOT_FOUND)
      throw ProviderRequests.refusal(response.status());
    return new Reply(response);
  }

  /** Response to a request. */
  record Reply(OutboundResponse response) {
    boolean isMissing() {
      return response.status() == NOT_FOUND;
    }

    /** Returns the body; refused if there is no such item. */
    JsonNode json() {
      if (isMissing()) throw ProviderRequests.refusal(NOT_FOUND);
      try {
        return JSON.readTree(response.body());
      } catch (JacksonException e) {
        throw new ProviderUnavailableException(
            "The provider's response could not be read.", Duration.ZERO);
      }
    }

    String id() {
      var id = json().path("id").asString("");
      if (id.isEmpty())
        throw new ProviderUnavailableException("The provider's response has no id.", Duration.ZERO);
      return id;
    }
  }
}
