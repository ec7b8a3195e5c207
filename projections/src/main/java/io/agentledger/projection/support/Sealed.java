package io.agentledger.projection.support;

import io.agentledger.api.content.Content;
import org.jspecify.annotations.Nullable;

/**
 * Content as a read model keeps it: still sealed, with the place that it was sealed for. Whoever
 * reads the row opens it; destroying the subject's key erases it here too.
 *
 * @param event alias of the event that brought it
 * @param field of that event
 */
public record Sealed(String event, String field, Content content) {
  /** Null for content that is absent. */
  public static @Nullable Sealed of(Class<?> event, String field, Content content) {
    return content instanceof Content.Absent
        ? null
        : new Sealed(event.getSimpleName(), field, content);
  }
}
