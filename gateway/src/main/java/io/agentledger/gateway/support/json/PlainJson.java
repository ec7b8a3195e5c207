package io.agentledger.gateway.support.json;

import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Mapper of JSON whose fields the API does not define, such as schemas and inputs of tools. It has
 * no table of names: others could spoil it for everybody by names of equal hashes (decision 0178).
 */
public final class PlainJson {
  public static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                  .build())
          .build();

  private PlainJson() {}
}
