package io.agentledger.store.support;

import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.json.JsonMapper;

/**
 * Mapper and factories for JSON in which others have chosen the names of fields. Jackson's parsers
 * keep names in a table that all parsers of a factory share. A text with some thousand names of
 * equal hashes spoils it: later texts of anybody are refused or fail. Here there is no such table.
 */
public final class UntrustedJson {
  public static final JsonMapper MAPPER = JsonMapper.builder(factory().build()).build();

  private UntrustedJson() {}

  /** Returns a builder of factories without a table of names. */
  public static JsonFactoryBuilder factory() {
    return JsonFactory.builder().disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES);
  }
}
