package io.agentledger.api.model;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Models that the upstream offers. Thread-safe; never blocks. */
public interface ModelCatalog {
  /** Names that Claude Code resolves to a model itself. */
  Set<String> ALIASES = Set.of("default", "sonnet", "opus", "haiku", "opusplan", "inherit");

  /**
   * Returns the ids of all models, sorted; empty if the upstream has no list, or the list cannot be
   * read now.
   */
  CompletionStage<List<String>> listModels();
}
