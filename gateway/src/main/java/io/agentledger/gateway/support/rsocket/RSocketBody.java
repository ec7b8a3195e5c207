package io.agentledger.gateway.support.rsocket;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.Pagination;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON object that a client sends as the data of a request; without data it has no fields. Handlers
 * can declare it as a parameter. The {@code take} methods remove the fields that they return.
 */
public final class RSocketBody {
  private final ObjectNode fields;
  private final String route;
  private final WireJson json;
  private final RequestValidator validator;
  private final IdempotencyKeys idempotencyKeys;

  /** Page of a list; null is the default. */
  record PageParams(@Nullable Integer limit, @Nullable String cursor) {}

  RSocketBody(
      ObjectNode fields,
      String route,
      WireJson json,
      RequestValidator validator,
      IdempotencyKeys idempotencyKeys) {
    this.fields = fields;
    this.route = route;
    this.json = json;
    this.validator = validator;
    this.idempotencyKeys = idempotencyKeys;
  }

  /** Returns the remaining fields. */
  public ObjectNode fields() {
    return fields;
  }

  /** Removes and returns {@code idempotency_key}. */
  public IdempotencyKey takeIdempotencyKey() {
    return new IdempotencyKey(
        idempotencyKeys, WireJson.removeText(fields, "idempotency_key"), route);
  }

  /** Removes and returns {@code version}, the version that a change is based on; it is required. */
  public long takeVersion() {
    var version = fields.remove("version");
    if (version == null || !version.isIntegralNumber() || !version.canConvertToLong())
      throw InvalidRequestException.body(
          "/version", "must be the version that the change is based on");
    return version.asLong();
  }

  /** Reads and validates the remaining fields; rejects fields that the type does not have. */
  public <T> T read(Class<T> type) {
    return validator.check(json.read(fields, type));
  }

  /** Reads {@code limit} and {@code cursor}; rejects other fields. */
  public PageRequest readPage() {
    var params = read(PageParams.class);
    return Pagination.toPageRequest(params.limit(), params.cursor());
  }
}
