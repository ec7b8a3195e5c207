package io.agentledger.api.environment;

import io.agentledger.api.shared.OrderedCopy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Description and metadata of an environment.
 *
 * @param description at most 2,048 characters; null for none
 * @param metadata at most 16 pairs, keys of 64, values of 512 characters
 */
public record EnvironmentNotes(@Nullable String description, Map<String, String> metadata) {
  public static final EnvironmentNotes NONE = new EnvironmentNotes(null, Map.of());

  public EnvironmentNotes {
    metadata = OrderedCopy.of(metadata);
  }
}
