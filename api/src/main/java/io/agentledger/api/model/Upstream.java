package io.agentledger.api.model;

/** Who answers the model's requests; shown wherever an answer is shown. */
public enum Upstream {
  /** Anthropic's API. */
  ANTHROPIC,
  /** Scripted answers, no model: nothing it says is an opinion. */
  REHEARSAL,
  /** A session's recorded answers, played again. */
  RECORDED
}
