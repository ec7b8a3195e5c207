package io.agentledger.query.session;

import io.agentledger.api.workspace.PathChange;
import io.agentledger.store.support.UntrustedJson;
import java.util.List;
import tools.jackson.core.type.TypeReference;

/** Texts about checkpoints. */
final class CheckpointTexts {
  private static final TypeReference<List<PathChange>> PATHS = new TypeReference<>() {};

  private CheckpointTexts() {}

  /**
   * Returns why a checkpoint was taken.
   *
   * @param moment stored name of a {@link io.agentledger.api.session.event.CheckpointEvent.Moment}
   */
  static String cause(String moment) {
    return switch (moment) {
      case "opening" -> "The session began with these files.";
      case "before" -> "Files were changed from outside before a run.";
      case "after" -> "A run has ended or paused.";
      case "before_rewind" -> "The files are about to be rewound.";
      case "before_branch" -> "A fork or clone begins with these files.";
      default -> throw new IllegalStateException("no cause is known for " + moment);
    };
  }

  /** Parses the recorded paths of changed files. */
  static List<PathChange> parsePaths(String json) {
    return UntrustedJson.MAPPER.readValue(json, PATHS);
  }
}
