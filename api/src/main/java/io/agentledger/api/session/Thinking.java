package io.agentledger.api.session;

import io.agentledger.api.shared.Kinded;

/** Whether the model thinks before it answers, and how long. */
public sealed interface Thinking extends Kinded {
  /** The most that a turn's thinking may be allowed. */
  int BUDGET_TOKENS_MAX = 1_000_000;

  /** Claude Code decides by the model. */
  record Standard() implements Thinking {}

  /** The model decides when and how much. */
  record Adaptive() implements Thinking {}

  /**
   * Up to so many tokens in each turn, on models that count them.
   *
   * @param budgetTokens [1024..{@link #BUDGET_TOKENS_MAX}]
   */
  record Enabled(int budgetTokens) implements Thinking {}

  /** It does not. */
  record Disabled() implements Thinking {}
}
