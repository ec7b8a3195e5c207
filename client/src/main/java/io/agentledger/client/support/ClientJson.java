package io.agentledger.client.support;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentledger.api.session.RunOptions;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON in the format of the API: snake case, bare ids, decimal money; unknown fields are ignored.
 * Responses contain names that other users and agents have chosen, so parsers have no table of
 * names (decision 0178).
 */
public final class ClientJson {
  /** Mapper for every message of the API; thread-safe. */
  public static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                  .build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .addModule(new ClientJsonModule())
          .addMixIn(RunOptions.class, RunOptionsMixin.class)
          .build();

  private ClientJson() {}

  /**
   * Parses the body of a request.
   *
   * @throws IllegalArgumentException if it is not a JSON object
   */
  public static Map<String, Object> readObject(String text) {
    try {
      return MAPPER.readValue(text, new TypeReference<>() {});
    } catch (JacksonException exception) {
      throw new IllegalArgumentException("is not a JSON object", exception);
    }
  }

  /** Writes a duration in seconds, where the API has it in the field's name. */
  private interface RunOptionsMixin {
    @JsonProperty("timeout_seconds")
    @JsonFormat(shape = JsonFormat.Shape.NUMBER)
    Duration timeout();
  }
}
