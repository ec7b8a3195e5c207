package io.agentledger.client.session;

import io.agentledger.api.session.RunWishes;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session that is wished for.
 *
 * @param folder of the service's machine whose copy is the workspace; null is an empty workspace
 * @param wishes how its runs are carried out, as far as they do not say so themselves
 */
public record Opening(
    @Nullable String title, Map<String, String> metadata, @Nullable Path folder, RunWishes wishes) {
  /** An empty workspace and the service's defaults. */
  public static final Opening PLAIN = new Opening(null, Map.of(), null, RunWishes.NONE);

  public Opening {
    metadata = Map.copyOf(metadata);
  }

  /** With a copy of that folder. */
  public Opening in(Path other) {
    return new Opening(title, metadata, other, wishes);
  }
}
