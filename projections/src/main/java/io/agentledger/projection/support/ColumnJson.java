package io.agentledger.projection.support;

import io.agentledger.store.event.Json;
import tools.jackson.databind.json.JsonMapper;

/** JSON in columns has the shape that it has in events. */
final class ColumnJson {
  static final JsonMapper MAPPER = mapper();

  private ColumnJson() {}

  private static JsonMapper mapper() {
    var json = JsonMapper.builder();
    Json.configure(json);
    return json.build();
  }
}
