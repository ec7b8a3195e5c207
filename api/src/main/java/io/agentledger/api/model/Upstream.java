package io.agentledger.api.model;

/** Upstream that answers model requests; shown with every answer. */
public enum Upstream {
  /** Anthropic's API. */
  ANTHROPIC,
  /** Scripted answers, no model: nothing it says is an opinion. */
  REHEARSAL,
  /** A session's recorded answers, played again. */
  RECORDED
}
