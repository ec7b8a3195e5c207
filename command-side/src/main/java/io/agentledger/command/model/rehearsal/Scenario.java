package io.agentledger.command.model.rehearsal;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A play for the rehearsal: what the model says and which tools it asks for, step by step. One step
 * is one exchange; the step played is the number of answers that the conversation holds since the
 * prompt, so nothing has to be remembered when a service or a process starts again.
 *
 * @param about one sentence: what it shows
 * @param when a pattern that is looked for in a prompt; without it the scenario is called by name
 * @param order which pattern is tried first, the smallest; [0..1000]
 * @param pace how fast it is played, where a step does not say otherwise
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
   * @param onlyIf when this choice is taken; the first choice that fits is
   * @param repeat how often what is said is repeated; {@code {{n}}} in it counts from 1
   * @param fail an error in place of the answer
   * @param broken a stream that ends before its time
   * @param stop the stop reason, where it is not the natural one
   * @param refuse the model stops there and will not answer
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

  /** A tool call. With {@code example} the input is made up from the tool's own schema. */
  record Call(String tool, @Nullable JsonNode input, boolean example) {}

  /**
   * Condition of a choice; all given parts must hold.
   *
   * @param error whether a tool result since the last answer is an error
   * @param failed the latest call of each of these tools came back as an error
   * @param offered this tool is offered
   * @param missing this tool is not offered
   * @param given a template that must come out with some text
   * @param absent a template that must come out empty
   * @param model the one that is asked
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

  /** Why a model will not answer, in the API's words. */
  record Refusal(@Nullable String category, @Nullable String explanation) {}

  /** An HTTP error; {@code times} 0 is always, else the answer comes after so many errors. */
  record Fail(int status, int times, int retryAfter, @Nullable String message) {}

  /** A stream that breaks after so many pieces: cut off, or by an error event. */
  record Break(int after, int times, How how) {
    Break {
      how = how == null ? How.ABORT : how;
    }

    enum How {
      ABORT,
      ERROR
    }
  }

  /** Output tokens and input tokens to claim in place of the estimated ones; 0 is estimated. */
  record Tokens(long input, long output) {}

  /**
   * Pace of a response: {@code first} before its first byte, then {@code pause} before each piece
   * of {@code size} characters.
   */
  record Pace(@Nullable Duration first, @Nullable Duration pause, int size) {}
}
