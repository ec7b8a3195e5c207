package io.agentledger.command.model.rehearsal;

import io.agentledger.command.model.rehearsal.Scenario.Break;
import io.agentledger.command.model.rehearsal.Scenario.Call;
import io.agentledger.command.model.rehearsal.Scenario.Condition;
import io.agentledger.command.model.rehearsal.Scenario.Fail;
import io.agentledger.command.model.rehearsal.Scenario.Pace;
import io.agentledger.command.model.rehearsal.Scenario.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a scenario must hold to be played. Everything is bounded, since a prompt can bring its own.
 */
final class ScenarioValidator {
  private static final int STEP_COUNT_MAX = 200;
  private static final int REPEAT_MAX = 10_000;
  private static final int TEXT_CHARACTERS_MAX = 65_536;
  private static final int CALL_COUNT_MAX = 32;
  private static final int TIMES_MAX = 100;
  private static final Duration PAUSE_MAX = Duration.ofMinutes(10);

  private final List<Fault> faults = new ArrayList<>();

  private ScenarioValidator() {}

  /** What is wrong, and where, as a JSON pointer. */
  record Fault(String pointer, String rule) {}

  static List<Fault> faults(Scenario scenario) {
    var scenarioValidator = new ScenarioValidator();
    scenarioValidator.scenario(scenario);
    return scenarioValidator.faults;
  }

  private void must(boolean holds, String pointer, String rule) {
    if (!holds) faults.add(new Fault(pointer, rule));
  }

  private void scenario(Scenario scenario) {
    must(!scenario.steps().isEmpty(), "/steps", "must have at least one step");
    must(
        scenario.steps().size() <= STEP_COUNT_MAX, "/steps", "must have at most " + STEP_COUNT_MAX);
    must(in(scenario.order(), 0, 1000), "/order", "must be in [0..1000]");
    if (scenario.when() != null) pattern(scenario.when(), "/when");
    pace(scenario.pace(), "/pace");
    for (int i = 0; i < scenario.steps().size(); i++) {
      Step step = scenario.steps().get(i);
      String at = "/steps/" + i;
      must(step.onlyIf() == null, at + "/if", "stands only in a choice; use choose");
      step(step, at);
    }
  }

  private void step(Step step, String at) {
    if (!step.choose().isEmpty()) {
      must(empty(step), at, "has choose, so it has nothing else beside it");
      for (int i = 0; i < step.choose().size(); i++)
        choice(step.choose().get(i), at + "/choose/" + i);
      return;
    }
    boolean does =
        step.say() != null
            || step.think() != null
            || !step.calls().isEmpty()
            || step.fail() != null
            || step.refuse() != null;
    must(does, at, "must say, think, call, fail, refuse or choose");
    text(step.think(), at + "/think");
    text(step.say(), at + "/say");
    must(in(step.repeat(), 0, REPEAT_MAX), at + "/repeat", "must be in [0.." + REPEAT_MAX + "]");
    must(step.calls().size() <= CALL_COUNT_MAX, at + "/calls", "must be at most " + CALL_COUNT_MAX);
    for (int i = 0; i < step.calls().size(); i++) call(step.calls().get(i), at + "/calls/" + i);
    fail(step.fail(), at + "/fail");
    broken(step.broken(), at + "/break");
    pace(step.pace(), at + "/pace");
  }

  private static boolean empty(Step step) {
    return step.say() == null
        && step.think() == null
        && step.calls().isEmpty()
        && step.fail() == null
        && step.refuse() == null;
  }

  private void choice(Step choice, String at) {
    must(choice.choose().isEmpty(), at + "/choose", "cannot stand inside a choice");
    Condition only = choice.onlyIf();
    if (only != null) {
      text(only.given(), at + "/if/given");
      text(only.absent(), at + "/if/absent");
    }
    step(choice, at);
  }

  private void call(Call call, String at) {
    must(call.tool() != null && !call.tool().isBlank(), at + "/tool", "must name a tool");
    JsonNode input = call.input();
    if (input == null) return;
    must(input.isObject(), at + "/input", "must be a mapping");
    must(!call.example(), at + "/example", "cannot stand beside an input");
    texts(input, at + "/input");
  }

  private void texts(JsonNode node, String at) {
    if (node.isString()) text(node.asString(), at);
    node.forEachEntry((name, value) -> texts(value, at + "/" + name));
    if (node.isArray()) for (int i = 0; i < node.size(); i++) texts(node.get(i), at + "/" + i);
  }

  private void fail(@Nullable Fail fail, String at) {
    if (fail == null) return;
    must(in(fail.status(), 400, 599), at + "/status", "must be in [400..599]");
    must(in(fail.times(), 0, TIMES_MAX), at + "/times", "must be in [0.." + TIMES_MAX + "]");
    must(in(fail.retryAfter(), 0, 600), at + "/retry_after", "must be in [0..600] seconds");
  }

  private void broken(@Nullable Break broken, String at) {
    if (broken == null) return;
    must(in(broken.after(), 0, 1_000_000), at + "/after", "must be in [0..1000000] pieces");
    must(in(broken.times(), 0, TIMES_MAX), at + "/times", "must be in [0.." + TIMES_MAX + "]");
  }

  private void pace(@Nullable Pace pace, String at) {
    if (pace == null) return;
    duration(pace.first(), at + "/first");
    duration(pace.pause(), at + "/pause");
    must(in(pace.size(), 0, 100_000), at + "/size", "must be in [0..100000] characters");
  }

  private void duration(@Nullable Duration duration, String at) {
    if (duration == null) return;
    boolean fine = !duration.isNegative() && duration.compareTo(PAUSE_MAX) <= 0;
    must(fine, at, "must be in [0s..10m]");
  }

  private void text(@Nullable String text, String at) {
    if (text == null) return;
    must(text.length() <= TEXT_CHARACTERS_MAX, at, "must have at most 65536 characters");
    String fault = ScenarioTemplate.violation(text);
    if (fault != null) faults.add(new Fault(at, fault));
  }

  private void pattern(String regex, String at) {
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      faults.add(new Fault(at, "is no valid pattern: " + e.getDescription()));
    }
  }

  private static boolean in(int value, int least, int most) {
    return value >= least && value <= most;
  }
}
