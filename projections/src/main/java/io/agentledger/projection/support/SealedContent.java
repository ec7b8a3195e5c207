package io.agentledger.projection.support;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.StableNames;
import org.jspecify.annotations.Nullable;

/**
 * Sealed content in a read model, with the place that it was sealed for. Readers of the row decrypt
 * it; destroying the subject's key erases it here too.
 *
 * @param event alias of the event that contained it
 * @param field of that event
 */
public record SealedContent(String event, String field, Content content) {
  /** Returns null for absent content. */
  public static @Nullable SealedContent of(Class<?> event, String field, Content content) {
    return content instanceof Content.Absent
        ? null
        : new SealedContent(StableNames.of(event), field, content);
  }
}
