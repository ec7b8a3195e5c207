package io.agentledger.gateway.support.json;

import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.json.JsonMapper;

/**
 * Mapper of JSON whose fields the API does not define, such as schemas and inputs of tools. Its
 * factories have no table of names: others could spoil it for everybody by names of equal hashes
 * (decision 0178).
 */
public final class PlainJson {
  public static final JsonMapper MAPPER = JsonMapper.builder(factory().build()).build();

  private PlainJson() {}

  /** Returns a builder of factories without a table of names. */
  static JsonFactoryBuilder factory() {
    return JsonFactory.builder().disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES);
  }
}
