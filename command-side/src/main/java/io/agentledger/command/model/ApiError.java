package io.agentledger.command.model;

import io.agentledger.store.support.UntrustedJson;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

/** An error in the format of the Messages API, which the CLI parses to decide about a retry. */
public record ApiError(int status, String message) {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  /** Returns the API's error type for this status. */
  public String type() {
    return switch (status) {
      case 400 -> "invalid_request_error";
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 504 -> "timeout_error";
      case 529 -> "overloaded_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  /** Returns the body: {@code {"type":"error","error":{"type":...,"message":...}}}. */
  public byte[] body() {
    return JSON.writeValueAsBytes(
        Map.of("type", "error", "error", Map.of("type", type(), "message", message)));
  }

  /** Returns the whole response. */
  public ModelResponse toResponse() {
    byte[] body = body();
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
            .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    return new ModelResponse(
        status, headers, Flux.defer(() -> Flux.just(Unpooled.wrappedBuffer(body))));
  }
}
