package io.agentledger.api.model;

/** Upstream that answers model requests; shown with every answer. */
public enum Upstream {
  /** Anthropic's API. */
  ANTHROPIC,
  /** Scripted responses without a model. */
  REHEARSAL,
  /** Recorded responses of a session, replayed. */
  RECORDED
}
