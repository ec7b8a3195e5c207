package io.agentledger.gateway.support.platform;

import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import java.util.Arrays;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes of a configuration as a JSON Merge Patch (RFC 7396): a model sends, and a user sees, only
 * what changes. The result is a request that replaces the whole configuration.
 */
@Component
public final class MergePatch {
  private final WireJson json;
  private final RequestValidator validator;

  MergePatch(WireJson json, RequestValidator validator) {
    this.json = json;
    this.validator = validator;
  }

  /**
   * Returns the request that makes the changes.
   *
   * @param view current state, which has the fields of the request
   * @throws InvalidRequestException with pointers into {@code /changes}
   */
  public <R extends Record> R apply(Object view, Json changes, Class<R> requestType) {
    var fields =
        Arrays.stream(requestType.getRecordComponents())
            .map(field -> WireNames.toSnakeCase(field.getName()))
            .toList();
    var merged = json.parseObject(json.toText(view)).retain(fields);
    try {
      merge(json.parseObject(changes.text()), merged);
      return validator.check(json.read(merged, requestType));
    } catch (InvalidRequestException exception) {
      throw exception.movedBy(pointer -> "/changes" + pointer);
    }
  }

  private static void merge(ObjectNode changes, ObjectNode target) {
    for (var change : changes.properties()) {
      var value = change.getValue();
      if (value.isNull()) target.remove(change.getKey());
      else if (value instanceof ObjectNode object) {
        if (!(target.get(change.getKey()) instanceof ObjectNode)) target.putObject(change.getKey());
        merge(object, (ObjectNode) target.get(change.getKey()));
      } else target.set(change.getKey(), value);
    }
  }
}
