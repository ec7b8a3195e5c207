package io.agentledger.projection.support;

import io.agentledger.store.event.JsonMappers;
import tools.jackson.databind.json.JsonMapper;

/** JSON in columns has the shape that it has in events. */
final class ColumnJsonMapper {
  static final JsonMapper MAPPER = JsonMappers.mapper();

  private ColumnJsonMapper() {}
}
