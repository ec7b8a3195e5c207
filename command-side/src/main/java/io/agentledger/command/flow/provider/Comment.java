package io.agentledger.command.flow.provider;

import org.jspecify.annotations.Nullable;

/**
 * Comment of the service at a provider.
 *
 * @param id id of the comment at the provider; null if it is not known
 * @param marker see {@link CommentMarker}; not part of {@code markdown}
 * @param markdown text of any length, not trusted
 */
public record Comment(@Nullable String id, String marker, String markdown) {
  public Comment {
    CommentMarker.require(marker);
  }
}
