package io.agentledger.command.model.rehearsal;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A script for the rehearsal: the model's texts and tool calls, step by step. One step is one
 * exchange. The index of the step is the number of answers since the prompt in the conversation, so
 * no state is needed when the service or a process restarts.
 *
 * @param about one sentence about its purpose
 * @param when a pattern that is searched in the prompt; without it the scenario is selected by name
 * @param order order of the patterns, smallest first; [0..1000]
 * @param pace default pace of its steps
 */
record Scenario(
    String about, @Nullable String when, int order, @Nullable Pace pace, List<Step> steps) {

  Scenario {
    about = about == null ? "" : about;
    steps = steps == null ? List.of() : List.copyOf(steps);
  }

  /**
   * One answer of the model, or a {@code choose} among several. {@code think}, {@code say} and the
   * texts in {@code calls} are {@linkplain ScenarioTemplate templates}.
   *
   * @param onlyIf condition of this choice; the first choice that matches is taken
   * @param repeat number of repetitions of the text; {@code {{n}}} in it counts from 1
   * @param fail an error instead of the answer
   * @param broken a stream that ends early
   * @param stop the stop reason, if not the default one
   * @param refuse the model refuses to answer
   */
  record Step(
      @JsonProperty("if") @Nullable Condition onlyIf,
      @Nullable String think,
      @Nullable String say,
      int repeat,
      List<Call> calls,
      @Nullable Fail fail,
      @JsonProperty("break") @Nullable Break broken,
      @Nullable Pace pace,
      @Nullable Tokens usage,
      @Nullable String stop,
      @Nullable Refusal refuse,
      List<Step> choose) {

    Step {
      calls = calls == null ? List.of() : List.copyOf(calls);
      choose = choose == null ? List.of() : List.copyOf(choose);
    }
  }

  /** A tool call. With {@code example} the input is generated from the tool's schema. */
  record Call(String tool, @Nullable JsonNode input, boolean example) {}

  /**
   * Condition of a choice; all given parts must hold.
   *
   * @param error whether a tool result since the last answer is an error
   * @param failed tools whose latest call returned an error
   * @param offered a tool that must be offered
   * @param missing a tool that must not be offered
   * @param given a template whose result must not be empty
   * @param absent a template whose result must be empty
   * @param model the requested model
   */
  record Condition(
      @Nullable Boolean error,
      List<String> failed,
      @Nullable String offered,
      @Nullable String missing,
      @Nullable String given,
      @Nullable String absent,
      @Nullable String model) {

    Condition {
      failed = failed == null ? List.of() : List.copyOf(failed);
    }
  }

  /** The model's refusal, in the fields of the API. */
  record Refusal(@Nullable String category, @Nullable String explanation) {}

  /**
   * An HTTP error; with {@code times} 0 always, else the answer follows after this number of
   * errors.
   */
  record Fail(int status, int times, int retryAfter, @Nullable String message) {}

  /** A stream that ends after this number of pieces, without an end or with an error event. */
  record Break(int after, int times, How how) {
    Break {
      how = how == null ? How.ABORT : how;
    }

    enum How {
      ABORT,
      ERROR
    }
  }

  /** Input and output tokens to report instead of the estimated ones; 0 means estimated. */
  record Tokens(long input, long output) {}

  /**
   * Pace of a response: {@code first} before its first byte, then {@code pause} before each piece
   * of {@code size} characters.
   */
  record Pace(@Nullable Duration first, @Nullable Duration pause, int size) {}
}
