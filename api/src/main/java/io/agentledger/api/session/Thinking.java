package io.agentledger.api.session;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** Thinking of the model before it answers: whether, how long, and how it is shown. */
public sealed interface Thinking extends Discriminated {
  /** The most that a turn's thinking may be allowed. */
  int BUDGET_TOKENS_MAX = 1_000_000;

  /** Form in which the model's thinking is returned. */
  enum Display implements WireNamed {
    /** As it does by itself. */
    STANDARD,
    /** In summary. */
    SUMMARIZED,
    /** Not at all; that it thinks, and how much, is seen. */
    OMITTED;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Claude Code decides by the model. */
  @StableName("standard")
  record Standard() implements Thinking {}

  /** The model decides when and how much. */
  @StableName("adaptive")
  record Adaptive(Display display) implements Thinking {
    public Adaptive() {
      this(Display.STANDARD);
    }
  }

  /**
   * Up to so many tokens in each turn, on models that count them.
   *
   * @param budgetTokens [1024..{@link #BUDGET_TOKENS_MAX}]
   */
  @StableName("enabled")
  record Enabled(int budgetTokens, Display display) implements Thinking {
    public Enabled(int budgetTokens) {
      this(budgetTokens, Display.STANDARD);
    }
  }

  /** It does not. */
  @StableName("disabled")
  record Disabled() implements Thinking {}
}
