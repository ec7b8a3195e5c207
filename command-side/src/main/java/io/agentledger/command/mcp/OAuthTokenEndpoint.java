package io.agentledger.command.mcp;

import io.agentledger.api.vault.SecretValue.ClientAuthentication;
import io.agentledger.api.vault.SecretValue.McpOauth;
import io.agentledger.api.vault.SecretValue.Refresh;
import io.agentledger.command.mcp.connection.McpConnectionException;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import io.agentledger.store.support.UntrustedJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Refreshes tokens at their token endpoints (RFC 6749, section 6). */
final class OAuthTokenEndpoint {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final Duration LIFETIME_MAX = Duration.ofDays(3650);

  /** Error codes of an endpoint that are included in messages; all other content is dropped. */
  private static final Set<String> ERRORS =
      Set.of(
          "invalid_request",
          "invalid_client",
          "invalid_grant",
          "unauthorized_client",
          "unsupported_grant_type",
          "invalid_scope",
          "invalid_target");

  private final OutboundHttpClient outbound;
  private final Clock clock;
  private final Duration timeout;

  OAuthTokenEndpoint(OutboundHttpClient outbound, Clock clock, Duration timeout) {
    this.outbound = outbound;
    this.clock = clock;
    this.timeout = timeout;
  }

  /**
   * Returns the secret with a new token, and with a new refresh token if one was issued.
   *
   * @throws McpConnectionException if the endpoint refuses
   */
  McpOauth requestRefresh(McpOauth mcpOauth, Refresh refresh) {
    var requestedAt = clock.instant();
    var outboundResponse = send(refresh);
    var body = body(outboundResponse);
    if (outboundResponse.status() != 200) throw refusal(outboundResponse.status(), body);
    var token = body.path("access_token").asString("");
    if (token.isEmpty() || !"bearer".equalsIgnoreCase(body.path("token_type").asString("bearer")))
      throw new McpConnectionException("its token endpoint returned no bearer token");
    return new McpOauth(
        mcpOauth.url(),
        token,
        expiry(body, requestedAt),
        withRotatedToken(refresh, body.path("refresh_token")));
  }

  private static @Nullable Instant expiry(JsonNode body, Instant requestedAt) {
    long seconds = body.path("expires_in").asLong(0);
    if (seconds <= 0) return null;
    return requestedAt.plusSeconds(Math.min(seconds, LIFETIME_MAX.toSeconds()));
  }

  private static Refresh withRotatedToken(Refresh refresh, JsonNode next) {
    if (!next.isString() || next.asString().isEmpty()) return refresh;
    return new Refresh(
        refresh.tokenEndpoint(),
        refresh.clientId(),
        refresh.authentication(),
        refresh.clientSecret(),
        next.asString(),
        refresh.resource(),
        refresh.scope());
  }

  private OutboundResponse send(Refresh refresh) {
    try {
      return Objects.requireNonNull(outbound.send(request(refresh), timeout).toFuture().join());
    } catch (OutboundRefusedException e) {
      throw new McpConnectionException("its token endpoint " + e.rule().description());
    } catch (RuntimeException e) {
      if (e.getCause() instanceof OutboundRefusedException outboundRefusedException)
        throw new McpConnectionException(
            "its token endpoint " + outboundRefusedException.rule().description());
      throw new McpConnectionException("its token endpoint cannot be reached");
    }
  }

  private static OutboundRequest request(Refresh refresh) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("grant_type", "refresh_token");
    fields.put("refresh_token", refresh.refreshToken());
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    headers.put("Accept", "application/json");
    var secret = Objects.requireNonNullElse(refresh.clientSecret(), "");
    if (refresh.authentication() == ClientAuthentication.CLIENT_SECRET_BASIC) {
      headers.put("Authorization", "Basic " + basic(refresh.clientId(), secret));
    } else {
      fields.put("client_id", refresh.clientId());
      if (refresh.authentication() == ClientAuthentication.CLIENT_SECRET_POST)
        fields.put("client_secret", secret);
    }
    if (refresh.resource() != null) fields.put("resource", refresh.resource());
    if (refresh.scope() != null) fields.put("scope", refresh.scope());
    var body = form(fields).getBytes(StandardCharsets.UTF_8);
    return new OutboundRequest("POST", refresh.tokenEndpoint(), headers, body);
  }

  private static String basic(String id, String secret) {
    var pair = encoded(id) + ":" + encoded(secret);
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static JsonNode body(OutboundResponse outboundResponse) {
    try {
      return JSON.readTree(outboundResponse.body());
    } catch (JacksonException e) {
      return JSON.createObjectNode();
    }
  }

  private static McpConnectionException refusal(int status, JsonNode body) {
    var error = body.path("error").asString("");
    var reason = ERRORS.contains(error) ? status + ", " + error : "" + status;
    return new McpConnectionException(
        "its OAuth token could not be refreshed: the endpoint responded with " + reason);
  }
}
