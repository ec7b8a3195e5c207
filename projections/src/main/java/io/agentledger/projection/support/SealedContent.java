package io.agentledger.projection.support;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.StableNames;
import org.jspecify.annotations.Nullable;

/**
 * Content as a read model keeps it: still sealed, with the place that it was sealed for. Whoever
 * reads the row opens it; destroying the subject's key erases it here too.
 *
 * @param event alias of the event that brought it
 * @param field of that event
 */
public record SealedContent(String event, String field, Content content) {
  /** Null for content that is absent. */
  public static @Nullable SealedContent of(Class<?> event, String field, Content content) {
    return content instanceof Content.Absent
        ? null
        : new SealedContent(StableNames.of(event), field, content);
  }
}
