package io.agentledger.projection.support;

import io.agentledger.store.event.Json;
import tools.jackson.databind.json.JsonMapper;

/** JSON in columns has the shape that it has in events. */
final class ColumnJson {
  static final JsonMapper MAPPER = Json.mapper();

  private ColumnJson() {}
}
