package io.agentledger.api.session;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** Thinking of the model before it answers: mode, budget and display. */
public sealed interface Thinking extends Discriminated {
  /** Maximum budget for the thinking of one turn, in tokens. */
  int BUDGET_TOKENS_MAX = 1_000_000;

  /** Form in which the model's thinking is returned. */
  enum Display implements WireNamed {
    /** The default of the model. */
    STANDARD,
    /** As a summary. */
    SUMMARIZED,
    /** Omitted; only the fact and amount of thinking are visible. */
    OMITTED;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Claude Code decides, depending on the model. */
  @StableName("standard")
  record Standard() implements Thinking {}

  /** The model decides when and how much it thinks. */
  @StableName("adaptive")
  record Adaptive(Display display) implements Thinking {
    public Adaptive() {
      this(Display.STANDARD);
    }
  }

  /**
   * Thinking with a token budget for each turn, on models that support one.
   *
   * @param budgetTokens [1024..{@link #BUDGET_TOKENS_MAX}]
   */
  @StableName("enabled")
  record Enabled(int budgetTokens, Display display) implements Thinking {
    public Enabled(int budgetTokens) {
      this(budgetTokens, Display.STANDARD);
    }
  }

  /** No thinking. */
  @StableName("disabled")
  record Disabled() implements Thinking {}
}
